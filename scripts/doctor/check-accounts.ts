import { accountNames } from '@midjourney-api/shared/accounts/accounts';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { AccountFinding } from '@midjourney-api/shared/doctor/account-checks';
import { accountFindings, type NotAsked } from '@midjourney-api/shared/doctor/account-findings';
import { type AccountRecord, readAccountRecord } from '@midjourney-api/shared/doctor/account-record';
import { askForFacts } from '@midjourney-api/shared/doctor/ask-for-facts';
import type { DiscordFacts } from '@midjourney-api/shared/doctor/discord-facts';
import type { AskConnections } from '@midjourney-api/shared/queues/ask-account';
import { readEnvironmentAccount } from '../../worker/src/accounts/pool/environment-account.ts';
import type { DiscordAccount } from '../../worker/src/discord/discord-account.ts';
import { createDiscordRest } from '../../worker/src/discord/rest/discord-rest.ts';
import { lookAtDiscord } from '../../worker/src/doctor/look-at-discord.ts';
import { createWorkerMetrics } from '../../worker/src/metrics.ts';
import { openAccountHere } from '../open-account-here.ts';
import type { Installation } from './installation-facts.ts';

export interface CheckedAccount {
  account: string;
  findings: AccountFinding[];
}

interface CheckOptions {
  installation: Pick<Installation, 'config' | 'secretsKey'>;
  /** undefined: MySQL cannot be read. */
  db: Database | undefined;
  /** undefined: Redis cannot be reached, so workers cannot be asked. */
  connections: AskConnections | undefined;
  /** The only account to check. */
  only: string | undefined;
}

/** Checks the accounts through their workers, or without a worker with the tokens that this process can open. */
export async function checkAccounts(options: CheckOptions): Promise<CheckedAccount[]> {
  const { installation, db, only } = options;
  const ofEnvironment = readEnvironmentAccount(installation.config);
  const names = new Set(db ? await accountNames(db) : []);
  // One that no worker has had yet is in no row.
  if (ofEnvironment) names.add(ofEnvironment.name);
  const wanted = [...names].filter((name) => only === undefined || name === only);
  return Promise.all(
    wanted.map(async (account) => {
      const recorded = db && (await readAccountRecord(db, account));
      const record = recorded ?? (ofEnvironment && unrecorded(ofEnvironment));
      if (!record) return { account, findings: [] };
      return { account, findings: accountFindings(record, await factsOf(record, options)) };
    }),
  );
}

async function factsOf(
  record: AccountRecord,
  { installation, db, connections }: CheckOptions,
): Promise<DiscordFacts | NotAsked> {
  if (record.worker !== null) {
    return connections
      ? askForFacts(connections, record)
      : { notAsked: `Redis cannot be reached, so the worker ${record.worker} was not asked.` };
  }
  const opened = await openAccountHere(installation, db, record.name);
  if ('lockedBecause' in opened)
    return { notAsked: `No worker has the account, and it cannot be opened here: ${opened.lockedBecause}` };
  const rest = createDiscordRest(installation.config.DISCORD_API_URL, opened, createWorkerMetrics('doctor'), {
    onAccountRefused: () => {},
  });
  // Checks that need a user session are left to workers: a second session would be one more trace of the user.
  return { ...(await lookAtDiscord(opened, rest)), midjourney: null };
}

function unrecorded({ name, session, guildId }: DiscordAccount): AccountRecord {
  return {
    name,
    session,
    guildId,
    state: 'connecting',
    reason: null,
    cause: null,
    until: null,
    worker: null,
    recent: { notStarted: 0, forms: 0 },
  };
}
