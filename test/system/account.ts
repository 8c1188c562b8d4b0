import { listAccounts } from '@midjourney-api/shared/accounts/accounts';
import { resumeAccount } from '@midjourney-api/shared/accounts/standing';
import type { System } from './system.ts';
import { until } from './until.ts';

/** The account of the environment, as operators see it. */
export async function shownAccount({ db }: System) {
  const [account] = await listAccounts(db);
  return account;
}

/** Resumes it, as an operator does who has mended what was wrong, and waits until it is ready. */
export async function resume(system: System): Promise<void> {
  await resumeAccount(system.db, 'default');
  await until('the account is ready', async () => (await shownAccount(system))?.state === 'ready');
}
