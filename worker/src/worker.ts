import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { isRefused, type Lease, recordState, type Standing } from '@midjourney-api/shared/accounts/accounts';
import type { Config } from '@midjourney-api/shared/config';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logger';
import {
  accountQueue,
  drawingsQueue,
  type Queues,
  type TaskJob,
  type UploadJob,
  uploadsQueue,
} from '@midjourney-api/shared/queues/queues';
import type { TaskChanges } from '@midjourney-api/shared/tasks/task-changes';
import { type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { AccountDriver } from './accounts/account-driver.ts';
import { type HeldAccount, holdAccount } from './accounts/hold-account.ts';
import { createDiscordRest, type DiscordAccount } from './discord/rest.ts';
import type { WorkerMetrics } from './metrics.ts';
import { processTask } from './process-task.ts';
import { createDelivery } from './results/delivery.ts';
import { processUpload } from './uploads/process-upload.ts';

export interface WorkerDependencies {
  config: Config;
  account: DiscordAccount;
  db: Database;
  /** Waits while Redis is away, as BullMQ's workers need it. */
  redis: Redis;
  queues: Queues;
  changes: TaskChanges;
  metrics: WorkerMetrics;
  log: Logger;
}

/** Follow-ups wait for their turn here, without a slot of the account, in the order that their pictures allow. */
const followUpsAtHand = 100;
const uploadsAtATime = 4;

/** Drives the account and takes jobs for it whenever no other worker does. @returns a function that hands both over. */
export function startWorker(dependencies: WorkerDependencies): () => Promise<void> {
  const { config, account, db } = dependencies;
  const log = dependencies.log.child({ account: account.name });
  return holdAccount({
    db,
    account: account.name,
    driver: `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`,
    leaseMs: config.ACCOUNT_LEASE_MS,
    drive: (lease, standing) => driveAccount({ ...dependencies, log }, lease, standing),
    log,
  });
}

/** Takes jobs for the account while it is ready. */
async function driveAccount(
  { config, account, db, redis, queues, changes, metrics, log }: WorkerDependencies,
  lease: Lease,
  standing: Standing,
): Promise<HeldAccount> {
  const stopping = new AbortController();
  let knownRefused = isRefused(standing.state);
  const waitWhileRefused = config.REFUSED_ACCOUNT_TASKS === 'wait';
  const rest = createDiscordRest(config.DISCORD_API_URL, account, metrics);
  const delivery = createDelivery(config.RESULT_WEBHOOK_URL, config.RESULT_WEBHOOK_SECRET?.[0], metrics, log);
  const driver = new AccountDriver({
    account,
    lease,
    discordApiUrl: config.DISCORD_API_URL,
    midjourneyBotId: config.MIDJOURNEY_BOT_ID,
    rest,
    db,
    changes,
    queues,
    delivery,
    metrics,
    deadlines: {
      startMs: config.START_DEADLINE_MS,
      progressMs: config.PROGRESS_DEADLINE_MS,
      totalMs: config.TASK_DEADLINE_MS,
    },
    evidenceWindowMs: config.EVIDENCE_WINDOW_MS,
    standing,
    onStanding: (next) => {
      followStanding(next);
      recordState(db, lease, next)
        .then(() => {
          knownRefused = isRefused(next.state);
        })
        .catch((err) => log.warn({ err, state: next.state }, 'account state not recorded'));
    },
    log,
  });

  const context = { db, queues, driver, delivery, log, waitWhileRefused, stopping: stopping.signal };
  const taskProcessor = (job: Job<TaskJob>, token?: string) => processTask(job, token, context);
  const uploadProcessor = (job: Job<UploadJob>) =>
    processUpload(job.data, { redis, prefix: config.REDIS_PREFIX, account: account.name, rest });
  const options = {
    connection: redis,
    prefix: config.REDIS_PREFIX,
    // Takes jobs once the account is ready.
    autorun: false,
    lockDuration: config.JOB_LOCK_MS,
    stalledInterval: config.JOB_LOCK_MS / 2,
    // A job is picked up again however many workers died with it; its task has deadlines of its own.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
  };
  const workers: Worker[] = [
    new Worker(drawingsQueue, taskProcessor, { ...options, concurrency: account.concurrency }),
    new Worker(accountQueue(account.name), taskProcessor, { ...options, concurrency: followUpsAtHand }),
    new Worker(uploadsQueue, uploadProcessor, { ...options, concurrency: uploadsAtATime }),
  ];
  for (const worker of workers) {
    worker.on('error', (err) => log.warn({ err, queue: worker.name }, 'queue worker error'));
  }

  /** Tasks that are to fail while the account is refused have to be taken for that. */
  function followStanding({ state }: Standing) {
    const taking = state === 'ready' || (isRefused(state) && !waitWhileRefused);
    for (const worker of workers) void (taking ? worker.resume() : worker.pause(true));
  }

  followStanding(standing);
  await driver.start();

  return {
    isKnownRefused: () => knownRefused,
    async stop() {
      for (const worker of workers) void worker.pause(true);
      stopping.abort();
      // Ends the processors: each puts its job back for whoever drives the account next.
      await driver.stop();
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}
