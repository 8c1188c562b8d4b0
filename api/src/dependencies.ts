import type { Config } from '@midjourney-api/shared/config/config';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { LogOutput } from '@midjourney-api/shared/logging/log-output';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import type { Queues } from '@midjourney-api/shared/queues/queues';
import type { TaskChanges } from '@midjourney-api/shared/tasks/task-changes';
import type { TaskEnded } from '@midjourney-api/shared/tasks/task-ends';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Clock } from './clock.ts';
import type { BannedWords } from './commands/prompts/banned-words.ts';
import type { Models } from './commands/prompts/models/models.ts';
import type { ApiMetrics } from './metrics/api-metrics.ts';
import type { Pictures } from './pictures/open-pictures.ts';
import type { FreshLinks } from './queries/fresh-links.ts';

/** Everything that the api works with. `main.ts` opens and closes it. */
export interface Dependencies {
  config: Config;
  db: Database;
  redis: Redis;
  queues: Queues;
  /** Emits when a worker has finished an upload. */
  uploadEvents: QueueEvents;
  changes: TaskChanges;
  /** The store of finished pictures; undefined when none are kept, and Discord's links are renewed instead. */
  pictures: Pictures | undefined;
  freshLinks: FreshLinks;
  bannedWords: BannedWords;
  models: Models;
  metrics: ApiMetrics;
  taskEnded: TaskEnded;
  /** Makes ids for tasks and uploads, unique within this process; rarely, another process makes the same one. */
  newTaskId: () => TaskId;
  log: Logger;
  /** Where the log's lines go; undefined in tests. */
  logOutput?: LogOutput;
  clock: Clock;
  /** Aborted when the process is about to stop: requests that wait for a change are answered at once. */
  stopping?: AbortSignal;
}
