import type { Config } from '@midjourney-api/shared/config/config';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import type { Queues } from '@midjourney-api/shared/queues/queues';
import type { TaskChanges } from '@midjourney-api/shared/tasks/task-changes';
import type { TaskEnded } from '@midjourney-api/shared/tasks/task-ends';
import type { Redis } from 'ioredis';
import type { WorkerMetrics } from './metrics.ts';

/** What the parts of a worker share. */
export interface Dependencies {
  config: Config;
  db: Database;
  /** Waits while Redis is away, as BullMQ's workers need it. */
  redis: Redis;
  queues: Queues;
  changes: TaskChanges;
  metrics: WorkerMetrics;
  taskEnded: TaskEnded;
  log: Logger;
}
