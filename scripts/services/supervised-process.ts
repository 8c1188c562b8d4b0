import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessExit, ServerProcess } from './server-process.ts';

const firstDelayMs = 250;
const longestDelayMs = 10_000;
/** A process that was up this long is taken as healthy: its next death is a first one again. */
const healthyAfterMs = 30_000;
const giveUpGraceMs = 2000;

/** How long to wait before the next start, after so many deaths in a row. */
export function restartDelayMs(deaths: number): number {
  return Math.min(firstDelayMs * 2 ** (deaths - 1), longestDelayMs);
}

export interface SupervisedProcessOptions {
  name: string;
  launch: () => Promise<ServerProcess>;
  /** Called whenever `pid` changed. */
  onChange?: () => void;
  /** Called when it died or could not be started again. */
  onTrouble?: (trouble: Trouble) => void;
}

export interface Trouble {
  what: string;
  /** When it is started again, in milliseconds from now. */
  nextStartMs: number;
}

export function describeTrouble({ what, nextStartMs }: Trouble): string {
  return `${what}; starting it again in ${nextStartMs / 1000} s`;
}

/** A program that is started again, with growing delays, whenever it ends without having been asked to. */
export class SupervisedProcess {
  readonly name: string;
  readonly #options: SupervisedProcessOptions;
  #running: ServerProcess | undefined;
  #stopping = new AbortController();
  #watch: Promise<void> = Promise.resolve();

  constructor(options: SupervisedProcessOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** undefined while it is down. */
  get pid(): number | undefined {
    return this.#running?.pid;
  }

  /**
   * Resolves when the program is ready. `giveUp` ends a start that is under way.
   * @throws when this first start fails: only what has once been up is started again
   */
  async start(giveUp?: AbortSignal): Promise<void> {
    giveUp?.throwIfAborted();
    this.#stopping = new AbortController();
    const stop = () => this.stop(giveUpGraceMs);
    giveUp?.addEventListener('abort', stop, { once: true });
    try {
      const process = await this.#launch();
      this.#watch = this.#keepUp(process, this.#stopping.signal);
    } finally {
      giveUp?.removeEventListener('abort', stop);
    }
  }

  /** Resolves when it is gone, at the latest after about `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    await this.#running?.stop(graceMs);
    await this.#watch;
  }

  async #launch(): Promise<ServerProcess> {
    const process = await this.#options.launch();
    this.#change(process);
    void process.exited.then(() => this.#change(undefined));
    if (this.#stopping.signal.aborted) await process.stop(1000);
    await process.ready;
    return process;
  }

  async #keepUp(first: ServerProcess, stopping: AbortSignal): Promise<void> {
    let process: ServerProcess | undefined = first;
    let upSince = Date.now();
    let what = '';
    let deaths = 0;
    for (;;) {
      if (process !== undefined) {
        what = `${this.name} ${describeExit(await process.exited)}`;
        if (Date.now() - upSince >= healthyAfterMs) deaths = 0;
      }
      if (stopping.aborted) return;

      deaths += 1;
      const nextStartMs = restartDelayMs(deaths);
      this.#options.onTrouble?.({ what, nextStartMs });
      await delay(nextStartMs, undefined, { signal: stopping }).catch(() => {});
      if (stopping.aborted) return;

      process = await this.#launch().catch((error: unknown) => {
        what = error instanceof Error ? error.message : String(error);
        return undefined;
      });
      upSince = Date.now();
    }
  }

  #change(running: ServerProcess | undefined): void {
    this.#running = running;
    this.#options.onChange?.();
  }
}

function describeExit({ code, signal }: ProcessExit): string {
  return signal ? `was ended by ${signal}` : `ended with status ${code}`;
}
