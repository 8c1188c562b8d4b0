import type { Logger } from '@midjourney-api/shared/logging/logger';
import type { TaskJob } from '@midjourney-api/shared/queues/queues';
import { type Job, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Release } from '../accounts/slots.ts';
import { growingDelay, wait } from '../wait.ts';
import type { TaskJobResult } from './process-task.ts';

export interface Slot<S> {
  session: S;
  release: Release;
}

export interface DrawingsOptions<S> {
  queue: string;
  redis: Redis;
  prefix: string;
  lockMs: number;
  /** Whether an account here could draw something new at once. */
  hasSlot(): boolean;
  /** Takes a free slot of the account that should draw next; undefined when there is none. */
  takeSlot(): Slot<S> | undefined;
  /** Settles as the task does, once that is committed. Gives the slot back. */
  draw(job: Job<TaskJob>, token: string, slot: Slot<S>): Promise<TaskJobResult | undefined>;
  log: Logger;
}

/**
 * Takes new drawings from a queue only when an account here has a free slot for one: what waits in the queue may
 * be drawn by whichever account of whichever worker is free first. BullMQ's own loop takes jobs by a number that
 * is fixed before it knows who could draw them, so this one fetches by hand:
 * https://docs.bullmq.io/patterns/manually-fetching-jobs
 */
export class Drawings<S> {
  readonly #options: DrawingsOptions<S>;
  readonly #worker: Worker<TaskJob>;
  readonly #stopping = new AbortController();
  readonly #drawing = new Set<Promise<void>>();
  #running: Promise<void> = Promise.resolve();
  #wake: (() => void) | undefined;
  #fetched = 0;

  constructor(options: DrawingsOptions<S>) {
    const { queue, redis, prefix, lockMs, log } = options;
    this.#options = options;
    this.#worker = new Worker(queue, undefined, {
      connection: redis,
      prefix,
      autorun: false,
      lockDuration: lockMs,
      stalledInterval: lockMs / 2,
      // A job is picked up again however many workers died with it; its task has deadlines of its own.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    });
    this.#worker.on('error', (err) => log.warn({ err, queue }, 'queue worker error'));
  }

  start(): void {
    this.#worker
      .startStalledCheckTimer()
      .catch((err) => this.#options.log.warn({ err }, 'stalled jobs are not looked for'));
    this.#running = this.#run();
  }

  /** To be called whenever an account may have a free slot that it had not before. */
  slotsChanged(): void {
    this.#wake?.();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake?.();
    // Ends the blocking wait for a job.
    await this.#worker.close(true);
    await this.#running;
    await Promise.allSettled(this.#drawing);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.#fetchOne();
        failures = 0;
      } catch (err) {
        if (signal.aborted) return;
        this.#options.log.debug({ err }, 'no drawing could be fetched, trying again');
        await wait(growingDelay(failures++), signal).catch(() => {});
      }
    }
  }

  async #fetchOne(): Promise<void> {
    if (!this.#options.hasSlot()) return this.#untilSlotsChange();
    // The slot is not taken yet, which would keep follow-ups out: whose it is, is decided when there is a job.
    const token = `${this.#worker.id}:${this.#fetched++}`;
    const job = await this.#worker.getNextJob(token, { block: true });
    if (!job) return;
    const slot = this.#options.takeSlot();
    if (!slot || this.#stopping.signal.aborted) {
      slot?.release();
      await job.moveToWait(token);
      return;
    }
    const drawing = this.#draw(job, token, slot).finally(() => this.#drawing.delete(drawing));
    this.#drawing.add(drawing);
  }

  async #draw(job: Job<TaskJob>, token: string, slot: Slot<S>): Promise<void> {
    const { lockMs, draw, log } = this.#options;
    const keeping = setInterval(() => {
      job
        .extendLock(token, lockMs)
        .catch((err) => log.debug({ err, job: job.id }, 'the lock of a job is not extended'));
    }, lockMs / 2);
    try {
      await job.moveToCompleted(await draw(job, token, slot), token, false);
    } catch (error) {
      if (error instanceof WaitingError) return;
      // Without its lock the job is somebody else's already, or gone with all of Redis: MySQL knows the task.
      const failed = error instanceof Error ? error : new Error(String(error));
      await job
        .moveToFailed(failed, token, false)
        .catch((err) => log.debug({ err, job: job.id }, 'a job is not ours any more'));
    } finally {
      clearInterval(keeping);
    }
  }

  #untilSlotsChange(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
