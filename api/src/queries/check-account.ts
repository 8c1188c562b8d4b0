import type { AccountFinding } from '@midjourney-api/shared/doctor/account-checks';
import { accountFindings } from '@midjourney-api/shared/doctor/account-findings';
import { readAccountRecord } from '@midjourney-api/shared/doctor/account-record';
import { askForFacts, factsWithinMs } from '@midjourney-api/shared/doctor/ask-for-facts';
import type { Dependencies } from '../dependencies.ts';
import { withTimeLimit } from '../time-limit.ts';
import { noSuchAccount } from './no-such-account.ts';

/**
 * What is, or soon will be, wrong with an account: by what is recorded, and by what its worker sees at Discord.
 * @throws {Refusal} not_found
 */
export async function checkAccount(
  { db, redis, queues, config, clock }: Pick<Dependencies, 'db' | 'redis' | 'queues' | 'config' | 'clock'>,
  name: string,
): Promise<AccountFinding[]> {
  const record = await readAccountRecord(db, name, clock());
  if (!record) throw await noSuchAccount(db, name);
  const asking = askForFacts({ redis, queues, prefix: config.REDIS_PREFIX }, record);
  const facts = await withTimeLimit(asking, factsWithinMs + 1_000).catch(() => ({
    notAsked: 'Redis cannot be reached, so the worker was not asked.',
  }));
  return accountFindings(record, facts);
}
