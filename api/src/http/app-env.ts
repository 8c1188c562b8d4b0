import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Config } from '@midjourney-api/shared/config/config';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { LogOutput } from '@midjourney-api/shared/logging/log-output';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import type { Queues } from '@midjourney-api/shared/queues/queues';
import type { TaskChanges } from '@midjourney-api/shared/tasks/task-changes';
import type { TaskEnded } from '@midjourney-api/shared/tasks/task-ends';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { User } from '@midjourney-api/shared/users/users';
import type { Queue, QueueEvents } from 'bullmq';
import type { RequestIdVariables } from 'hono/request-id';
import type { Redis } from 'ioredis';
import type { BannedWords } from '../commands/prompts/banned-words.ts';
import type { ApiMetrics } from '../metrics/api-metrics.ts';
import type { Pictures } from '../pictures/open-pictures.ts';
import type { FreshLinks } from '../queries/fresh-links.ts';
import type { ProblemCode } from './problems/problem.ts';

/** Everything that the app works with. Whoever creates the app opens and closes it. */
export interface Dependencies {
  config: Config;
  db: Database;
  redis: Redis;
  queues: Queues;
  /** Jobs that the api does for itself; shown in Bull Board. */
  maintenance: Queue;
  /** Tells when a worker is done with an upload. */
  uploadEvents: QueueEvents;
  changes: TaskChanges;
  /** The finished pictures that are kept; undefined: none, Discord's links are renewed. */
  pictures: Pictures | undefined;
  freshLinks: FreshLinks;
  bannedWords: BannedWords;
  metrics: ApiMetrics;
  taskEnded: TaskEnded;
  log: Logger;
  /** Where the log's lines go; undefined where nothing has to be said of it. */
  logOutput?: LogOutput;
  clock?: () => Date;
  /** Aborted when the process is about to stop: who waits for a change is answered at once. */
  stopping?: AbortSignal;
}

export interface AppEnv {
  Variables: RequestIdVariables & {
    /** Whose key the request carries; set by `bearerAuth`. */
    user: User;
    /** The task that the request was about, where its address does not say so. */
    task?: TaskId;
    /** The error that the request is answered with. */
    problem?: ProblemCode;
  };
}

export type Api = OpenAPIHono<AppEnv>;

export const apiPrefix = '/v1/api/trigger';
