import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { rememberEnvironmentAccount } from '@midjourney-api/shared/accounts/accounts';
import type { Config } from '@midjourney-api/shared/config/config';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import { drawingsQueue } from '@midjourney-api/shared/queues/keys';
import type { Queues } from '@midjourney-api/shared/queues/queues';
import { speeds } from '@midjourney-api/shared/tasks/task';
import type { TaskChanges } from '@midjourney-api/shared/tasks/task-changes';
import type { TaskEnded } from '@midjourney-api/shared/tasks/task-ends';
import type { Redis } from 'ioredis';
import { AccountPool } from './accounts/account-pool.ts';
import { createAccountOpener } from './accounts/open-account.ts';
import { type StartedAccount, startAccount } from './accounts/start-account.ts';
import type { DiscordAccount } from './discord/rest.ts';
import type { WorkerMetrics } from './metrics.ts';
import { untilMySqlIsBack } from './mysql-outage.ts';
import { DrawingsWorker } from './queue/drawings-worker.ts';
import { type ProcessTaskContext, processTask } from './queue/process-task.ts';
import { createDelivery } from './results/delivery.ts';
import { startUploads } from './uploads/start-uploads.ts';

export interface WorkerDependencies {
  config: Config;
  /** The account of the environment; others are in MySQL. */
  account: DiscordAccount | undefined;
  db: Database;
  /** Waits while Redis is away, as BullMQ's workers need it. */
  redis: Redis;
  queues: Queues;
  changes: TaskChanges;
  metrics: WorkerMetrics;
  taskEnded: TaskEnded;
  log: Logger;
}

/**
 * Has this worker's share of the accounts and takes jobs for them.
 * @returns a function that hands all of it over, leaving running tasks to others.
 */
export function startWorker(dependencies: WorkerDependencies): () => Promise<void> {
  const { config, account, db, redis, queues, metrics, log } = dependencies;
  const stopping = new AbortController();
  const open = createAccountOpener({ account, secretsKey: config.SECRETS_KEY });
  const sessions = () => [...pool.sessions()].map(({ session }) => session);
  const context: ProcessTaskContext = {
    db,
    queues,
    sessionOf: (name) => sessions().find((session) => session.name === name),
    delivery: createDelivery(config.RESULT_WEBHOOK_URL, config.RESULT_WEBHOOK_SECRET?.[0], metrics, log),
    log,
    stopping: stopping.signal,
  };

  const pool: AccountPool<StartedAccount> = new AccountPool({
    db,
    worker: `${hostname().slice(0, 32)}-${process.pid}-${randomBytes(4).toString('hex')}`,
    leaseMs: config.ACCOUNT_LEASE_MS,
    open,
    start: (account, lease, standing) =>
      startAccount(dependencies, { account, lease, standing, context, changed: accountsChanged }),
    log,
  });

  /** New drawings of each speed, and those that any account may draw. */
  const drawings = [null, ...speeds].map((speed) => {
    const free = () =>
      sessions()
        .filter(
          ({ hasFreeSlot, account: { speed: own } }) => hasFreeSlot && (!speed || !own || own === speed),
        )
        .sort((a, b) => a.load - b.load);
    return new DrawingsWorker({
      queue: drawingsQueue(speed),
      config,
      redis,
      hasSlot: () => free().length > 0,
      takeSlot: () => {
        const [next] = free();
        const release = next?.takeSlot();
        return next && release && { session: next, release };
      },
      process: (job, token, slot) => processTask(job, token, context, slot),
      log,
    });
  });

  const uploads = startUploads({ config, db, redis, metrics, open, sessions, log });

  function accountsChanged() {
    for (const queue of drawings) queue.slotsChanged();
    uploads.accountsChanged();
  }

  // Its row is where its lease is.
  const known = account
    ? untilMySqlIsBack(
        () => rememberEnvironmentAccount(db, account.name, rowOf(account)),
        stopping.signal,
        log,
      )
    : Promise.resolve();
  known
    .then(() => pool.start())
    .catch((err) => stopping.signal.aborted || log.error({ err }, 'no account can be started'));
  for (const queue of drawings) queue.start();
  return async function stop(): Promise<void> {
    stopping.abort();
    // The sessions end what the processors wait for: each puts its job back for the worker that has the account next.
    const idle = Promise.all([uploads.stop(), ...drawings.map((queue) => queue.stop())]);
    await pool.stop();
    await idle;
  };
}

function rowOf({ guildId, channelId, concurrency, session }: DiscordAccount) {
  return { guildId, channelId, concurrency, session };
}
