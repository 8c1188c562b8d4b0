import type { Config } from '@midjourney-api/shared/config/config';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import { createOutbound } from '@midjourney-api/shared/outbound/outbound';
import type { Resolve } from '@midjourney-api/shared/outbound/public-lookup';
import type { NoticeJob } from '@midjourney-api/shared/queues/catalogue';
import { queueNames } from '@midjourney-api/shared/queues/keys';
import { createQueueWorker } from '@midjourney-api/shared/queues/queue-worker';
import type { Queues } from '@midjourney-api/shared/queues/queues';
import type { Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { type DeliveryContext, deliverNotice, NotTaken } from './deliver-notice.ts';
import { retryPlan } from './retry-plan.ts';
import { createUserSlots } from './user-slots.ts';

export interface NoticeDependencies {
  config: Pick<Config, 'REDIS_PREFIX' | 'ACCOUNT_LEASE_MS' | 'ALLOW_PRIVATE_HOOKS'>;
  db: Database;
  /** Waits while Redis is away, as BullMQ's workers need it. */
  redis: Redis;
  queues: Queues;
  log: Logger;
}

/** Receivers are slow but cost little: many are waited for at once, a few of them for each user. */
const atATime = 50;
const perUser = 5;
const answerLimitMs = 10_000;
/** How long a stopping worker waits for answers. */
const patienceMs = 4_000;

/** Delivers the notices of tasks to their notify_hooks, whichever account drew them. @returns a function that stops it. */
export function startNotices(
  { config, db, redis, queues, log }: NoticeDependencies,
  {
    plan = retryPlan,
    post: { timeLimitMs = answerLimitMs, resolve } = {},
  }: { plan?: DeliveryContext['plan']; post?: { timeLimitMs?: number; resolve?: Resolve } } = {},
): () => Promise<void> {
  const stopping = new AbortController();
  const context: DeliveryContext = {
    db,
    queues,
    slots: createUserSlots(perUser),
    plan,
    post: { outbound: createOutbound({ allowPrivate: config.ALLOW_PRIVATE_HOOKS, resolve }), timeLimitMs },
    log,
    stopping: stopping.signal,
  };
  const worker = createQueueWorker(
    queueNames.notices,
    (job: Job<NoticeJob>, token) => deliverNotice(job, token, context),
    { config, redis, log },
    {
      concurrency: atATime,
      settings: {
        backoffStrategy: (attempts, _type, error) =>
          error instanceof NotTaken ? error.delayMs : Math.min(1_000 * 2 ** attempts, 60_000),
      },
    },
  );

  return async () => {
    const timer = setTimeout(() => stopping.abort(), patienceMs);
    await worker.close();
    clearTimeout(timer);
  };
}
