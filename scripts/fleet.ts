import type { SupervisedProcess } from './services/supervised-process.ts';

/**
 * The order in which processes stop, with the milliseconds that each may take: first those that accept work, then those
 * that do it, then what both depend on. Under ten seconds in all.
 */
const stages = { api: 2000, worker: 3000, simulator: 1000, services: 3000 };

export type Stage = keyof typeof stages;

/** All processes of one running copy, which are listed and stopped together. */
export class Fleet {
  readonly #members: { stage: Stage; process: SupervisedProcess }[] = [];

  add(stage: Stage, process: SupervisedProcess): void {
    this.#members.push({ stage, process });
  }

  /** The processes that run now. */
  processes(): { name: string; pid: number }[] {
    return this.#members.flatMap(({ process: { name, pid } }) => (pid === undefined ? [] : [{ name, pid }]));
  }

  /** Resolves when nothing is left. */
  async stop(): Promise<void> {
    for (const [stage, graceMs] of Object.entries(stages)) {
      const members = this.#members.filter((member) => member.stage === stage);
      await Promise.all(members.map(({ process }) => process.stop(graceMs)));
    }
  }
}
