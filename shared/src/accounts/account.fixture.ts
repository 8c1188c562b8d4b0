import { environmentAccount } from '../accounts/accounts.ts';
import type { Database } from '../database/connect.ts';
import { rememberEnvironmentAccount } from './accounts.ts';
import { type Lease, takeLease } from './leases.ts';
import { defaultPacing, type Pacing } from './pacing/pacing.ts';
import { recordStanding, standingIn } from './standing.ts';

/** No pauses and no limits, so that tests run fast. */
export const unpaced: Pacing = { ...defaultPacing, min_gap: 0, per_hour: null, per_day: null };

/** Stores the default account and takes its first lease, with fence 1, for the worker of a test. */
export async function holdDefaultAccount(db: Database): Promise<Lease> {
  const settings = { guildId: '1', channelId: '2', session: 'bot' as const, concurrency: 3 };
  await rememberEnvironmentAccount(db, environmentAccount, settings);
  const lease = await takeLease(db, environmentAccount, 'a worker', 3_600_000);
  if (!lease) throw new Error('Somebody else holds the account.');
  await recordStanding(db, lease, standingIn('ready'));
  return lease;
}
