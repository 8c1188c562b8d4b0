import { type Processor, Worker, type WorkerOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Config } from '../config/config.ts';
import type { Logger } from '../logging/logger.ts';

export interface QueueWorkerDependencies {
  config: Pick<Config, 'REDIS_PREFIX' | 'ACCOUNT_LEASE_MS'>;
  /** A connection whose commands wait while Redis is down (redis.ts), as BullMQ's workers need. */
  redis: Redis;
  log: Logger;
}

/**
 * BullMQ options shared by all workers. Jobs of a dead process are taken over after the same time as its accounts: before
 * that, a worker could do nothing with a task's job.
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
    // A job is retried no matter how many workers died with it: tasks, notices and pictures have their own deadlines.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
  };
}

/** A BullMQ worker with these options. Without a processor, it is used to fetch jobs manually. */
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
    // The connection reports that Redis is down; each worker would repeat it.
    log[redis.status === 'ready' ? 'warn' : 'debug']({ err, queue }, 'queue worker error');
  });
  return worker;
}
