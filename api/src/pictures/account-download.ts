import { randomUUID } from 'node:crypto';
import { accounts, tasks } from '@midjourney-api/shared/database/schema';
import { fetchedBytesKey } from '@midjourney-api/shared/queues/keys';
import { and, eq, isNotNull } from 'drizzle-orm';
import { runUploadJob } from '../commands/upload/upload-job.ts';
import type { Dependencies } from '../dependencies.ts';
import { type AccountDownload, createDownload } from './download.ts';

type Needs = Pick<Dependencies, 'config' | 'db' | 'redis' | 'queues' | 'uploadEvents'>;

const fetchLimitMs = 120_000;

/**
 * Pictures of an account that has a proxy are fetched by a worker: no traffic of the account goes around the proxy, and
 * the api never learns the proxy's address, which may hold a password.
 */
export function createAccountDownload(deps: Needs): AccountDownload {
  const { config, redis } = deps;
  const direct = createDownload({ allowPrivate: config.ALLOW_PRIVATE_DOWNLOADS });

  return async (taskId, link, options) => {
    const account = await accountWithProxy(deps, taskId);
    if (account === undefined) return direct(link, options);
    const fileId = randomUUID();
    await runUploadJob(deps, { kind: 'fetch', account, link, fileId }, fetchLimitMs);
    options.signal.throwIfAborted();
    const bytes = await redis.getdelBuffer(fetchedBytesKey(config.REDIS_PREFIX, fileId));
    if (!bytes) throw new Error('The picture that a worker fetched is gone from Redis.');
    return bytes;
  };
}

async function accountWithProxy(
  { db }: Needs,
  taskId: Parameters<AccountDownload>[0],
): Promise<string | undefined> {
  const [found] = await db
    .select({ name: accounts.name })
    .from(tasks)
    .innerJoin(accounts, eq(accounts.name, tasks.account))
    .where(and(eq(tasks.id, taskId), isNotNull(accounts.proxy)));
  return found?.name;
}
