import type { AccountInfo } from '@midjourney-api/shared/accounts/account-info';
import { type AccountRow, findAccount, listAccounts } from '@midjourney-api/shared/accounts/accounts';
import type { Database } from '@midjourney-api/shared/database/connect';
import { accountQueue, type InfoJob } from '@midjourney-api/shared/queues/queues';
import { Queue, QueueEvents } from 'bullmq';
import { invalidField, Refusal } from '../commands/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import { withTimeLimit } from '../time-limit.ts';

const answerWithinMs = 15_000;

type Sources = Pick<Dependencies, 'db' | 'redis' | 'config'>;

/**
 * Midjourney's `/info` of an account, which the worker that has the account asks for.
 * @param name may be left out while there is only one account.
 * @throws {Refusal} invalid_request or not_found where it is not clear which account; action_unavailable for one that
 * cannot see the answer; unavailable when there is none in time.
 */
export async function readAccountInfo(
  sources: Sources,
  name: string | undefined,
): Promise<{ account: string } & AccountInfo> {
  const account = await chooseAccount(sources.db, name);
  checkAnswers(account);
  return { account: account.name, ...(await requestInfo(sources, account.name)) };
}

async function chooseAccount(db: Database, name: string | undefined): Promise<AccountRow> {
  const names = name === undefined ? (await listAccounts(db)).map((account) => account.name) : [name];
  const [only = ''] = names;
  if (names.length > 1) throw invalidField('account', `is needed: there are ${names.join(', ')}`);
  const account = await findAccount(db, only);
  if (!account) throw new Refusal('not_found', `There is no account "${only}"; GET /accounts shows all.`);
  return account;
}

function checkAnswers({ name, session, enabled, state }: AccountRow): void {
  if (session !== 'user') {
    throw new Refusal(
      'action_unavailable',
      `The account "${name}" listens with the session of a bot, which does not see the answer to /info. Let it listen with a session of its user.`,
    );
  }
  if (enabled && state === 'ready') return;
  const present = enabled ? state : 'disabled';
  throw new Refusal('unavailable', `The account "${name}" is ${present}, so it cannot ask Midjourney.`);
}

async function requestInfo(
  { redis, config }: Pick<Sources, 'redis' | 'config'>,
  account: string,
): Promise<AccountInfo> {
  const name = accountQueue(account);
  const prefix = config.REDIS_PREFIX;
  // QueueEvents blocks its connection.
  const connection = redis.duplicate({ enableOfflineQueue: true, maxRetriesPerRequest: null });
  connection.on('error', () => {});
  const queue = new Queue<InfoJob, AccountInfo>(name, { connection: redis, prefix });
  const events = new QueueEvents(name, { connection, prefix });
  queue.on('error', () => {});
  events.on('error', () => {});
  try {
    return await withTimeLimit(
      (async () => {
        await events.waitUntilReady();
        const options = { attempts: 1, removeOnComplete: { age: 60 }, removeOnFail: { age: 60 } };
        const job = await queue.add('info', { ask: 'info' }, options);
        return job.waitUntilFinished(events, answerWithinMs);
      })(),
      answerWithinMs,
    );
  } catch (cause) {
    throw new Refusal('unavailable', `The account "${account}" got no answer to /info. Try again later.`, {
      cause,
    });
  } finally {
    await Promise.allSettled([events.close(), queue.close()]);
    connection.disconnect();
  }
}
