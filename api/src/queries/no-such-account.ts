import { accountNames } from '@midjourney-api/shared/accounts/accounts';
import type { Database } from '@midjourney-api/shared/database/connect';
import { Refusal } from '../commands/refusal.ts';

/** Names the accounts that there are: only operators look for one by its name. */
export async function noSuchAccount(db: Database, name: string): Promise<Refusal> {
  const names = await accountNames(db);
  const others = names.length > 0 ? `There are: ${names.join(', ')}.` : 'There are none yet.';
  return new Refusal('not_found', `There is no account "${name}". ${others}`);
}
