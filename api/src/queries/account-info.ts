import type { AccountInfo } from '@midjourney-api/shared/accounts/account-info';
import { type AccountRow, findAccount, listAccounts } from '@midjourney-api/shared/accounts/accounts';
import type { Database } from '@midjourney-api/shared/database/connect';
import { askAccount } from '@midjourney-api/shared/queues/ask-account';
import { invalidField, Refusal } from '../commands/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import { withTimeLimit } from '../time-limit.ts';

const answerWithinMs = 15_000;

type Sources = Pick<Dependencies, 'db' | 'redis' | 'queues' | 'config'>;

/**
 * Midjourney's `/info` of an account, which the worker that has the account requests.
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
  { redis, queues, config }: Pick<Sources, 'redis' | 'queues' | 'config'>,
  account: string,
): Promise<AccountInfo> {
  const connections = { redis, queues, prefix: config.REDIS_PREFIX };
  try {
    return await withTimeLimit(askAccount(connections, account, 'info', answerWithinMs), answerWithinMs);
  } catch (cause) {
    throw new Refusal('unavailable', `The account "${account}" got no answer to /info. Try again later.`, {
      cause,
    });
  }
}
