import { type AskConnections, askAccount } from '../queues/ask-account.ts';
import type { NotAsked } from './account-findings.ts';
import type { AccountRecord } from './account-record.ts';
import type { DiscordFacts } from './discord-facts.ts';

/** The worker repeats what Discord does not answer; Midjourney answers within seconds or not at all. */
export const factsWithinMs = 25_000;

/** Has the worker that has the account ask Discord, with the tokens that it alone knows. */
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
