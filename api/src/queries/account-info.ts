import type { AccountInfo } from '@midjourney-api/shared/accounts/account-info';
import { type AccountRow, findAccount, listAccounts } from '@midjourney-api/shared/accounts/accounts';
import type { Database } from '@midjourney-api/shared/database/connect';
import { invalidField } from '../commands/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import { askMidjourney } from './ask-midjourney.ts';
import { noSuchAccount } from './no-such-account.ts';

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
  const info = await askMidjourney(sources, account, { question: 'info', answer: 'the answer to /info' });
  return { account: account.name, ...info };
}

async function chooseAccount(db: Database, name: string | undefined): Promise<AccountRow> {
  const names = name === undefined ? (await listAccounts(db)).map((account) => account.name) : [name];
  const [only = ''] = names;
  if (names.length > 1) throw invalidField('account', `is needed: there are ${names.join(', ')}`);
  const account = await findAccount(db, only);
  if (!account) throw await noSuchAccount(db, only);
  return account;
}
