import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { rememberEnvironmentAccount } from '@midjourney-api/shared/accounts/accounts';
import { speeds } from '@midjourney-api/shared/tasks/task';
import { AccountPool } from './accounts/pool/account-pool.ts';
import { createAccountOpener, type OpenAccount } from './accounts/pool/open-account.ts';
import { Sessions } from './accounts/pool/sessions.ts';
import { startAccount } from './accounts/pool/start-account.ts';
import type { Dependencies } from './dependencies.ts';
import type { DiscordAccount } from './discord/discord-account.ts';
import { untilMySqlIsBack } from './mysql-outage.ts';
import { startDrawings } from './queue/drawings-worker.ts';
import type { ProcessTaskContext } from './queue/process-task.ts';
import { createDelivery } from './results/delivery.ts';
import { startUploads } from './uploads/start-uploads.ts';

/**
 * Runs this worker's share of the accounts, and takes jobs for them.
 * @param account the one of the environment; others are in MySQL
 * @returns a function that hands all of it over, leaving running tasks to other workers.
 */
export function startWorker(
  account: DiscordAccount | undefined,
  dependencies: Dependencies,
): () => Promise<void> {
  const { config, db, queues, metrics, log } = dependencies;
  const stopping = new AbortController();
  const sessions = new Sessions();
  const open = createAccountOpener({ account, secretsKey: config.SECRETS_KEY });
  const delivery = createDelivery(config.RESULT_WEBHOOK_URL, config.RESULT_WEBHOOK_SECRET?.[0], metrics, log);
  const tasks: ProcessTaskContext = { db, queues, sessions, delivery, log, stopping: stopping.signal };
  const stops = [
    startUploads(open, sessions, dependencies),
    // New drawings of each speed, and those that any account may draw.
    ...[null, ...speeds].map((speed) => startDrawings(speed, tasks, dependencies)),
    startPool(account, open, tasks, dependencies),
  ];
  return async function stopWorker(): Promise<void> {
    stopping.abort();
    // All at once: the queues' processors wait for tasks that the sessions end, and put their jobs back.
    await Promise.all(stops.map((stop) => stop()));
  };
}

function startPool(
  account: DiscordAccount | undefined,
  open: OpenAccount,
  tasks: ProcessTaskContext,
  dependencies: Dependencies,
): () => Promise<void> {
  const { config, db, log } = dependencies;
  const pool = new AccountPool({
    db,
    worker: `${hostname().slice(0, 32)}-${process.pid}-${randomBytes(4).toString('hex')}`,
    leaseMs: config.ACCOUNT_LEASE_MS,
    open,
    start: (account, lease, recorded) => startAccount({ account, lease, recorded }, tasks, dependencies),
    log,
  });
  const start = async () => {
    // Its row holds its lease.
    if (account) {
      const { name, ...settings } = rowOf(account);
      await untilMySqlIsBack(() => rememberEnvironmentAccount(db, name, settings), tasks.stopping, log);
    }
    pool.start();
  };
  start().catch((err) => tasks.stopping.aborted || log.error({ err }, 'no account can be started'));
  return () => pool.stop();
}

function rowOf({ name, guildId, channelId, concurrency, session }: DiscordAccount) {
  return { name, guildId, channelId, concurrency, session };
}
