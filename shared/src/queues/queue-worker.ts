import { type Processor, Worker, type WorkerOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Config } from '../config/config.ts';
import type { Logger } from '../logging/logger.ts';

export interface QueueWorkerDependencies {
  config: Pick<Config, 'REDIS_PREFIX' | 'ACCOUNT_LEASE_MS'>;
  /** Waits while Redis is away (redis.ts), as BullMQ's workers need it. */
  redis: Redis;
  log: Logger;
}

/**
 * BullMQ's options that all workers have in common. The jobs of a process that died are taken by others after as long
 * as its accounts are: a task's job is of no use to a worker before that.
 */
export function queueWorkerOptions({
  config,
  redis,
}: Pick<QueueWorkerDependencies, 'config' | 'redis'>): WorkerOptions & { lockDuration: number } {
  return {
    connection: redis,
    prefix: config.REDIS_PREFIX,
    lockDuration: config.ACCOUNT_LEASE_MS,
    stalledInterval: config.ACCOUNT_LEASE_MS / 2,
    // A job is taken again however many workers died with it: tasks, notices and pictures have deadlines of their own.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
  };
}

/** A BullMQ worker with those options. It processes jobs, or is used to fetch them by hand when it has no processor. */
export function createQueueWorker<Data, Result>(
  queue: string,
  process: Processor<Data, Result> | undefined,
  { config, redis, log }: QueueWorkerDependencies,
  options: Partial<WorkerOptions> = {},
): Worker<Data, Result> {
  const worker = new Worker<Data, Result>(queue, process, {
    ...queueWorkerOptions({ config, redis }),
    ...options,
  });
  worker.on('error', (err) => {
    // That Redis is away is reported by the connection; each worker would repeat it.
    log[redis.status === 'ready' ? 'warn' : 'debug']({ err, queue }, 'queue worker error');
  });
  return worker;
}
