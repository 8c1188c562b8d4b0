import type { Logger } from '@midjourney-api/shared/logging/logger';
import type { TaskJob } from '@midjourney-api/shared/queues/catalogue';
import { drawingsQueue } from '@midjourney-api/shared/queues/keys';
import {
  createQueueWorker,
  type QueueWorkerDependencies,
  queueWorkerOptions,
} from '@midjourney-api/shared/queues/queue-worker';
import type { Speed } from '@midjourney-api/shared/tasks/task';
import { DelayedError, type Job, WaitingError, type Worker } from 'bullmq';
import type { Send } from '../accounts/permits/pacing.ts';
import { retry } from '../retry.ts';
import { giveBack } from './give-back.ts';
import {
  type ChosenAccount,
  type ProcessTaskContext,
  processTask,
  type TaskJobResult,
} from './process-task.ts';

/**
 * Draws new tasks with the accounts that this worker has.
 * @param speed that of the drawings; null for those that any account may draw
 * @returns a function that stops it.
 */
export function startDrawings(
  speed: Speed | null,
  tasks: ProcessTaskContext,
  dependencies: QueueWorkerDependencies,
): () => Promise<void> {
  const worker = new DrawingsWorker(speed, tasks, dependencies);
  worker.start();
  return () => worker.stop();
}

/**
 * Fetches new drawings from a queue by hand, and only when an account here has a free slot for one: a job that waits
 * in the queue is drawn by whichever account of any worker is free first. BullMQ's own loop would take as many
 * jobs as it was configured for, before it is known which account could draw them:
 * https://docs.bullmq.io/patterns/manually-fetching-jobs
 */
class DrawingsWorker {
  /** What is in the queue, as far as is known before it is fetched. */
  readonly #drawing: Send;
  readonly #tasks: ProcessTaskContext;
  readonly #log: Logger;
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

  constructor(speed: Speed | null, tasks: ProcessTaskContext, dependencies: QueueWorkerDependencies) {
    this.#drawing = { work: 'picture', speed };
    this.#tasks = tasks;
    this.#log = dependencies.log;
    this.#worker = createQueueWorker(drawingsQueue(speed), undefined, dependencies, { autorun: false });
    this.#lockMs = queueWorkerOptions(dependencies).lockDuration;
    tasks.sessions.onChange(() => this.#wake?.());
  }

  start(): void {
    this.#worker
      .startStalledCheckTimer()
      .catch((err) => this.#log.warn({ err }, 'stalled jobs cannot be checked for'));
    this.#running = this.#run();
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
    const onRetry = (err: unknown) => this.#log.debug({ err }, 'no drawing could be fetched, trying again');
    while (!signal.aborted) {
      // Fails only once the worker is stopping.
      await retry(() => this.#fetchOne(), { onRetry, signal }).catch(() => {});
    }
  }

  async #fetchOne(): Promise<void> {
    const { sessions } = this.#tasks;
    if (sessions.withSlotFor(this.#drawing).length === 0) return this.#untilSessionsChange();
    // No slot is taken before there is a job: it would keep follow-ups out. Only then is the account chosen.
    const token = `${this.#worker.id}:${this.#fetched++}`;
    const job = await this.#worker.getNextJob(token, { block: true });
    if (!job) return;
    const [session] = sessions.withSlotFor(this.#drawing);
    const slot = session?.capacity.takeSlot(this.#drawing);
    if (!session || !slot || this.#stopping.signal.aborted) {
      slot?.release();
      await giveBack(job, token);
      return;
    }
    const processing = this.#process(job, token, { session, slot }).finally(() =>
      this.#processing.delete(processing),
    );
    this.#processing.add(processing);
  }

  async #process(job: Job<TaskJob>, token: string, chosen: ChosenAccount): Promise<void> {
    const log = this.#log;
    const keeping = setInterval(() => {
      job
        .extendLock(token, this.#lockMs)
        .catch((err) => log.debug({ err, job: job.id }, 'could not extend the lock of a job'));
    }, this.#lockMs / 2);
    try {
      await job.moveToCompleted(await processTask(job, token, this.#tasks, chosen), token, false);
    } catch (error) {
      if (error instanceof WaitingError || error instanceof DelayedError) return;
      // A job without its lock is another worker's by now, or was lost with Redis: MySQL still has the task.
      const failed = error instanceof Error ? error : new Error(String(error));
      await job
        .moveToFailed(failed, token, false)
        .catch((err) => log.debug({ err, job: job.id }, 'a job is no longer ours'));
    } finally {
      clearInterval(keeping);
    }
  }

  #untilSessionsChange(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
