import { type AskConnections, askAccount } from '../queues/ask-account.ts';
import type { NotAsked } from './account-findings.ts';
import type { AccountRecord } from './account-record.ts';
import type { DiscordFacts } from './discord-facts.ts';

/** Enough for the worker's retries to Discord; Midjourney answers within seconds or not at all. */
export const factsWithinMs = 25_000;

/** Asks Discord through the worker that has the account, because only it knows the tokens. */
export async function askForFacts(
  connections: AskConnections,
  { name, worker }: Pick<AccountRecord, 'name' | 'worker'>,
): Promise<DiscordFacts | NotAsked> {
  if (worker === null) return { notAsked: 'No worker has the account, so Discord was not asked.' };
  try {
    return await askAccount(connections, name, 'check', factsWithinMs);
  } catch {
    return { notAsked: `The worker ${worker} did not answer; its log may say why.` };
  }
}
