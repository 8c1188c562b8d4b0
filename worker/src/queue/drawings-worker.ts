import type { TaskJob } from '@midjourney-api/shared/queues/catalogue';
import {
  createQueueWorker,
  type QueueWorkerDependencies,
  queueWorkerOptions,
} from '@midjourney-api/shared/queues/queue-worker';
import { type Job, WaitingError, type Worker } from 'bullmq';
import type { AccountSession } from '../accounts/account-session.ts';
import type { Release } from '../accounts/slots.ts';
import { retry } from '../retry.ts';
import type { TaskJobResult } from './process-task.ts';

export interface Slot {
  session: AccountSession;
  release: Release;
}

export interface DrawingsWorkerOptions extends QueueWorkerDependencies {
  queue: string;
  /** Whether an account here could draw something new at once. */
  hasSlot(): boolean;
  /** Takes a free slot of the account that should draw next; undefined when there is none. */
  takeSlot(): Slot | undefined;
  /** Settles as the task does, once that is committed. Gives the slot back. */
  process(job: Job<TaskJob>, token: string, slot: Slot): Promise<TaskJobResult | undefined>;
}

/**
 * Fetches new drawings from a queue by hand, and only when an account here has a free slot for one: what waits in the
 * queue may be drawn by whichever account of whichever worker is free first. BullMQ's own loop would take as many
 * jobs as it was configured for, before it is known which account could draw them:
 * https://docs.bullmq.io/patterns/manually-fetching-jobs
 */
export class DrawingsWorker {
  readonly #options: DrawingsWorkerOptions;
  readonly #worker: Worker<TaskJob, TaskJobResult | undefined>;
  /** How long a job stays this worker's unless that is extended, in milliseconds. */
  readonly #lockMs: number;
  readonly #stopping = new AbortController();
  /** The jobs that are being processed. */
  readonly #processing = new Set<Promise<void>>();
  #running: Promise<void> = Promise.resolve();
  /** Ends the wait for a free slot. */
  #wake: (() => void) | undefined;
  #fetched = 0;

  constructor(options: DrawingsWorkerOptions) {
    this.#options = options;
    this.#worker = createQueueWorker(options.queue, undefined, options, { autorun: false });
    this.#lockMs = queueWorkerOptions(options).lockDuration;
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
    await Promise.allSettled(this.#processing);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const onRetry = (err: unknown) =>
      this.#options.log.debug({ err }, 'no drawing could be fetched, trying again');
    while (!signal.aborted) {
      // Fails only once the worker is stopping.
      await retry(() => this.#fetchOne(), { onRetry, signal }).catch(() => {});
    }
  }

  async #fetchOne(): Promise<void> {
    if (!this.#options.hasSlot()) return this.#untilSlotsChange();
    // No slot is taken yet, which would keep follow-ups out: which account's it is, is decided when there is a job.
    const token = `${this.#worker.id}:${this.#fetched++}`;
    const job = await this.#worker.getNextJob(token, { block: true });
    if (!job) return;
    const slot = this.#options.takeSlot();
    if (!slot || this.#stopping.signal.aborted) {
      slot?.release();
      await job.moveToWait(token);
      return;
    }
    const processing = this.#process(job, token, slot).finally(() => this.#processing.delete(processing));
    this.#processing.add(processing);
  }

  async #process(job: Job<TaskJob>, token: string, slot: Slot): Promise<void> {
    const { process, log } = this.#options;
    const keeping = setInterval(() => {
      job
        .extendLock(token, this.#lockMs)
        .catch((err) => log.debug({ err, job: job.id }, 'the lock of a job is not extended'));
    }, this.#lockMs / 2);
    try {
      await job.moveToCompleted(await process(job, token, slot), token, false);
    } catch (error) {
      if (error instanceof WaitingError) return;
      // Without its lock the job is another worker's already, or gone with all of Redis: MySQL knows the task.
      const failed = error instanceof Error ? error : new Error(String(error));
      await job
        .moveToFailed(failed, token, false)
        .catch((err) => log.debug({ err, job: job.id }, 'a job is no longer ours'));
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
