import { environmentAccount, findAccount } from '@midjourney-api/shared/accounts/accounts';
import type { Config } from '@midjourney-api/shared/config/config';
import type { Database } from '@midjourney-api/shared/database/connect';
import { readEnvironmentAccount } from '../worker/src/accounts/pool/environment-account.ts';
import { createAccountOpener, type LockedAccount } from '../worker/src/accounts/pool/open-account.ts';
import type { DiscordAccount } from '../worker/src/discord/discord-account.ts';
import { Complaint } from './complaint.ts';

/**
 * Opens an account on this machine: with the variables of the environment, or with its tokens in MySQL.
 * @param db undefined: no account can be opened, because only MySQL says whether it has a proxy
 * @throws {Complaint} when there is no such account
 */
export async function openAccountHere(
  { config, secretsKey }: { config: Config; secretsKey: Buffer | undefined },
  db: Database | undefined,
  name: string,
): Promise<DiscordAccount | LockedAccount> {
  const account = readEnvironmentAccount(config);
  if (!db && account && name === environmentAccount)
    return {
      lockedBecause: 'MySQL cannot be read, which says whether everything of it goes through a proxy.',
    };
  const row = db && (await findAccount(db, name));
  if (row) return createAccountOpener({ account, secretsKey })(row);
  if (account && name === environmentAccount) return account;
  throw new Complaint(`There is no account "${name}": "npm run accounts -- list" shows all.`);
}
