import type { SupervisedProcess } from './services/supervised-process.ts';

/**
 * The order in which things stop, with the milliseconds that each may take: no new work, then the work under way,
 * then what both rest on. All together stays under ten seconds.
 */
const stages = { api: 2000, worker: 3000, simulator: 1000, services: 3000 };

export type Stage = keyof typeof stages;

/** Every process of one running copy, to be listed and stopped together. */
export class Fleet {
  readonly #members: { stage: Stage; process: SupervisedProcess }[] = [];

  add(stage: Stage, process: SupervisedProcess): void {
    this.#members.push({ stage, process });
  }

  /** Those that are up at this moment. */
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
