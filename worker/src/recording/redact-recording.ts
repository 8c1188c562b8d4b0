import { createRedactor, sampleUserId } from '../drift/redact.ts';
import { botIds } from '../midjourney/bots.ts';

/** Something that an account received, as it came. */
export type Received =
  /** An event of the gateway. */
  | { afterMs: number; t: string; d: unknown }
  /** What Discord answered to a GET. */
  | { afterMs: number; get: string; status: number; body: unknown };

/** Whose the recorded account is, and where. */
export interface RecordedAccount {
  guildId: string;
  channelId: string;
  userId: string | null;
}

const snowflakes = /\d{15,25}/g;
const isoTime = /^\d{4}-\d\d-\d\dT[\d:.]+(?:\+00:00|Z)$/;

/** Fields about people and applications, of which only the id is kept. */
const people = ['author', 'user', 'application', 'bot'];
/** Fields about other people, which are left out. */
const left = ['member', 'mentions', 'mention_roles', 'resolved', 'members', 'authorizing_integration_owners'];

/**
 * What was received, without anything of the account, its clients and other people: ids, names, links, tokens and words
 * become stand-ins of the same form, the same ones throughout. Ids keep their order, so that it can be played again.
 */
export function redactRecording(received: readonly Received[], account: RecordedAccount): Received[] {
  const redactor = createRedactor(undefined);
  const prepared = received.map((each) => prepare(each, account));
  // Stand-ins are given in the order in which ids are met. That of the ids themselves is the order of time.
  const ids = new Set(JSON.stringify(prepared).match(snowflakes));
  for (const id of [...ids].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))) redactor.id(id);
  const known = new Map<string, string>(Object.values(botIds).map((id) => [redactor.id(id), id]));
  if (account.userId !== null) known.set(redactor.id(account.userId), sampleUserId);

  const shown = prepared.map((each) => {
    const { afterMs } = each;
    if ('t' in each) return { afterMs, t: each.t, d: redactor.json(each.d) };
    return { afterMs, get: each.get, status: each.status, body: redactor.json(each.body) };
  });
  return JSON.parse(JSON.stringify(shown), (_key, value) =>
    typeof value === 'string' ? (known.get(value) ?? value) : value,
  );
}

/** Removes what the redactor, which is made for messages, would keep or not understand. */
function prepare(received: Received, { guildId, channelId }: RecordedAccount): Received {
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') {
      if (isoTime.test(value)) return undefined;
      // The token of a web page opens it.
      if (key === 'custom_id') return value.replace(/^(MJ::iframe::).*$/s, (_, start) => `${start}0`);
      return value;
    }
    // An id as a number has lost its last digits already.
    if (typeof value === 'number') return value >= 1e14 ? undefined : value;
    if (Array.isArray(value)) return value.map((each) => walk(each, key));
    if (typeof value !== 'object' || value === null) return value;
    const fields = Object.entries(value).flatMap(([name, each]) => {
      if (left.includes(name)) return [];
      // Whoever plays it has a channel and a server of their own.
      if (name === 'channel_id' && each === channelId) return [];
      if (name === 'guild_id' && each === guildId) return [];
      if (people.includes(name) && typeof each === 'object' && each !== null)
        return [[name, 'id' in each ? { id: each.id } : {}]];
      return [[name, walk(each, name)]];
    });
    return Object.fromEntries(fields);
  };
  if ('t' in received) return { ...received, d: walk(received.d, '') };
  return { ...received, get: received.get.replace(snowflakes, '{id}'), body: walk(received.body, '') };
}
