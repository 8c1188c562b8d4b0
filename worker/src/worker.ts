import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import {
  type AccountRow,
  getAccount,
  isRefused,
  rememberEnvironmentAccount,
  type Standing,
} from '@midjourney-api/shared/accounts/accounts';
import { type Lease, recordStanding } from '@midjourney-api/shared/accounts/leases';
import { createTokenSeal } from '@midjourney-api/shared/accounts/sealed-token';
import type { Config } from '@midjourney-api/shared/config';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logger';
import {
  accountQueue,
  drawingsQueueAt,
  environmentAccount,
  type InfoJob,
  type Queues,
  type TaskJob,
  type UploadJob,
  uploadsQueue,
} from '@midjourney-api/shared/queues/queues';
import { speeds } from '@midjourney-api/shared/tasks/task';
import type { TaskChanges } from '@midjourney-api/shared/tasks/task-changes';
import { type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { AccountDriver } from './accounts/account-driver.ts';
import { AccountPool, type DrivenAccount } from './accounts/account-pool.ts';
import { createDiscordRest, type DiscordAccount, type DiscordRest } from './discord/rest.ts';
import { Drawings } from './drawings.ts';
import type { WorkerMetrics } from './metrics.ts';
import { botIds } from './midjourney/bots.ts';
import { untilMySqlIsBack } from './mysql-outage.ts';
import { type ProcessTaskContext, processTask } from './process-task.ts';
import { createDelivery } from './results/delivery.ts';
import { processUpload } from './uploads/process-upload.ts';

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
  log: Logger;
}

/** Follow-ups wait for their turn here, without a slot of the account, in the order that their pictures allow. */
const followUpsAtHand = 100;
const uploadsAtATime = 4;

interface Driven extends DrivenAccount {
  driver: AccountDriver;
}

/**
 * Drives this worker's share of the accounts and takes jobs for them.
 * @returns a function that hands all of it over, leaving running tasks to others.
 */
export function startWorker(dependencies: WorkerDependencies): () => Promise<void> {
  const { config, account, db, redis, queues, metrics, log } = dependencies;
  const stopping = new AbortController();
  const open = accountOpener(dependencies);
  const delivery = createDelivery(config.RESULT_WEBHOOK_URL, config.RESULT_WEBHOOK_SECRET?.[0], metrics, log);
  const drivers = () => [...pool.driven()].map(({ driver }) => driver);
  const context: ProcessTaskContext = {
    db,
    queues,
    driverOf: (name) => drivers().find((driver) => driver.name === name),
    delivery,
    log,
    waitWhileRefused: config.REFUSED_ACCOUNT_TASKS === 'wait',
    stopping: stopping.signal,
  };

  const pool: AccountPool<Driven> = new AccountPool({
    db,
    driver: `${hostname().slice(0, 32)}-${process.pid}-${randomBytes(4).toString('hex')}`,
    leaseMs: config.ACCOUNT_LEASE_MS,
    open,
    drive: (account, lease, standing, isHeld) =>
      driveAccount(dependencies, {
        account,
        lease,
        standing,
        isHeld,
        context,
        delivery,
        changed: accountsChanged,
      }),
    log,
  });

  /** New drawings of each speed, and those that any account may draw. */
  const drawings = [null, ...speeds].map((speed) => {
    const free = () =>
      drivers()
        .filter(
          ({ hasFreeSlot, account: { speed: own } }) => hasFreeSlot && (!speed || !own || own === speed),
        )
        .sort((a, b) => a.load - b.load);
    return new Drawings<AccountDriver>({
      queue: drawingsQueueAt(speed),
      redis,
      prefix: config.REDIS_PREFIX,
      lockMs: config.JOB_LOCK_MS,
      hasSlot: () => failing() !== undefined || free().length > 0,
      takeSlot: () => {
        const [next] = free();
        const release = next?.takeSlot();
        return next && release ? { driver: next, release } : failing();
      },
      draw: (job, token, slot) => processTask(job, token, context, slot),
      log,
    });
  });
  /** Where tasks are to fail while no account can draw, one that cannot takes them for that. */
  const failing = () => {
    if (context.waitWhileRefused || pool.allRefusedBecause === undefined) return undefined;
    const [driver] = drivers();
    return driver && { driver, release: () => {} };
  };

  const rests = new Map<string, DiscordRest>();
  const uploads = new Worker(
    uploadsQueue,
    (job: Job<UploadJob>) =>
      processUpload(job.data, {
        db,
        redis,
        prefix: config.REDIS_PREFIX,
        chooseAccount: () => {
          const [next] = drivers()
            .filter(({ isReady }) => isReady)
            .sort((a, b) => a.load - b.load);
          if (!next) throw new Error('No account can take an upload now.');
          return next.name;
        },
        restOf: async (name) => {
          const opened = open(await getAccount(db, name));
          if (!opened) throw new Error(`The tokens of the account "${name}" are not known here.`);
          const rest =
            rests.get(opened.userToken) ?? createDiscordRest(config.DISCORD_API_URL, opened, metrics);
          rests.set(opened.userToken, rest);
          return rest;
        },
      }),
    { connection: redis, prefix: config.REDIS_PREFIX, autorun: false, concurrency: uploadsAtATime },
  );
  uploads.on('error', (err) => log.warn({ err, queue: uploads.name }, 'queue worker error'));

  function accountsChanged() {
    for (const queue of drawings) queue.slotsChanged();
    const ready = drivers().some(({ isReady }) => isReady);
    void (ready ? uploads.resume() : uploads.pause(true));
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
    .catch((err) => stopping.signal.aborted || log.error({ err }, 'no account is driven'));
  for (const queue of drawings) queue.start();
  return async function stop(): Promise<void> {
    stopping.abort();
    void uploads.pause(true);
    // The drivers end what the processors wait for: each puts its job back for whoever drives the account next.
    const idle = Promise.all(drawings.map((queue) => queue.stop()));
    await pool.stop();
    await Promise.all([idle, uploads.close()]);
  };
}

function rowOf({ guildId, channelId, concurrency, session }: DiscordAccount) {
  return { guildId, channelId, concurrency, session };
}

/** Finds the tokens of an account: in the environment, or sealed in its row. */
function accountOpener({
  config,
  account,
  log,
}: WorkerDependencies): (row: AccountRow) => DiscordAccount | undefined {
  const seal = config.SECRETS_KEY && createTokenSeal(config.SECRETS_KEY);
  const complained = new Set<string>();
  return (row) => {
    if (row.name === environmentAccount && account) return account;
    const { name, guildId, channelId, session, userToken, botToken, concurrency, speed, weight } = row;
    if (!guildId || !channelId || !userToken) return undefined;
    try {
      if (!seal) throw new Error('SECRETS_KEY is not set, which opens the tokens of accounts in MySQL.');
      return {
        name,
        guildId,
        channelId,
        userToken: seal.open(userToken, name, 'user'),
        session,
        botToken: botToken && seal.open(botToken, name, 'bot'),
        concurrency,
        speed,
        weight,
      };
    } catch (err) {
      if (!complained.has(name)) log.error({ err, account: name }, 'the account cannot be driven');
      complained.add(name);
      return undefined;
    }
  };
}

function isTaskJob(job: Job<TaskJob | InfoJob>): job is Job<TaskJob> {
  return 'taskId' in job.data;
}

/** Drives one account, and takes the jobs that are tied to it while it is ready. */
async function driveAccount(
  { config, db, redis, queues, changes, metrics, log: workerLog }: WorkerDependencies,
  about: {
    account: DiscordAccount;
    lease: Lease;
    standing: Standing;
    isHeld(): boolean;
    context: ProcessTaskContext;
    delivery: ReturnType<typeof createDelivery>;
    changed(): void;
  },
): Promise<Driven> {
  const { account, lease, standing, isHeld, context, delivery, changed } = about;
  const log = workerLog.child({ account: account.name });
  let knownRefused = isRefused(standing.state);
  const driver = new AccountDriver({
    account,
    lease,
    bots: botIds(config.MIDJOURNEY_BOT_ID),
    rest: createDiscordRest(config.DISCORD_API_URL, account, metrics, isHeld),
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
      changed();
      recordStanding(db, lease, next)
        .then(() => {
          knownRefused = isRefused(next.state);
        })
        .catch((err) => log.warn({ err, state: next.state }, 'account state not recorded'));
    },
    onFreeSlot: changed,
    log,
  });

  const followUps = new Worker(
    accountQueue(account.name),
    async (job: Job<TaskJob | InfoJob>, token?: string) =>
      isTaskJob(job) ? processTask(job, token, context, { driver }) : driver.askInfo(),
    {
      connection: redis,
      prefix: config.REDIS_PREFIX,
      // Takes jobs once the account is ready.
      autorun: false,
      concurrency: followUpsAtHand,
      lockDuration: config.JOB_LOCK_MS,
      stalledInterval: config.JOB_LOCK_MS / 2,
      // A job is picked up again however many workers died with it; its task has deadlines of its own.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    },
  );
  followUps.on('error', (err) => log.warn({ err, queue: followUps.name }, 'queue worker error'));

  /** Tasks that are to fail while the account is refused have to be taken for that. */
  function followStanding({ state }: Standing) {
    const taking = state === 'ready' || (isRefused(state) && !context.waitWhileRefused);
    void (taking ? followUps.resume() : followUps.pause(true));
  }

  followStanding(standing);
  await driver.start();

  return {
    driver,
    isKnownRefused: () => knownRefused,
    async stop() {
      void followUps.pause(true);
      await driver.stop();
      await followUps.close();
    },
  };
}
