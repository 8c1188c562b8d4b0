import { createLogger } from '@midjourney-api/shared/logging/logger';
import { expect, it } from 'vitest';
import { Channel } from './channel.ts';
import { aDiscordAccount } from './discord-account.fixture.ts';
import type { DiscordRest } from './rest/discord-rest.ts';
import { SessionId } from './session-id.ts';

const account = aDiscordAccount();

/** A channel whose history holds nothing after the message asked for. */
function quietChannel(missedSince: string | null, newest: string | undefined) {
  const rest: Pick<DiscordRest, 'historyAfter' | 'newestMessageId'> = {
    historyAfter: async () => ({ messages: [], newestId: undefined }),
    newestMessageId: async () => newest,
  };
  const listener = {
    event: () => {},
    upToDate: () => {},
    away: () => {},
    refused: () => {},
    missedSince: () => missedSince,
  };
  return new Channel(
    account,
    rest as DiscordRest,
    new SessionId('bot'),
    listener,
    createLogger('test', 'silent'),
  );
}

it.each([
  ['nothing was missed: the newest one', null, '1000', '1000'],
  ['nothing was missed in an empty channel: before all', null, undefined, '0'],
  ['nothing came after what was missed: that one', '900', undefined, '900'],
])('knows where the channel stands when %s', async (_name, missedSince, newest, expected) => {
  const channel = quietChannel(missedSince, newest);
  await channel.readHistory();
  expect(channel.newestMessageId).toBe(expected);
});

it('reads the history again for a caller that comes while it is being read', async () => {
  let reads = 0;
  const channel = new Channel(
    account,
    { newestMessageId: async () => String(++reads) } as DiscordRest,
    new SessionId('bot'),
    { event: () => {}, upToDate: () => {}, away: () => {}, refused: () => {}, missedSince: () => null },
    createLogger('test', 'silent'),
  );
  const first = channel.readHistory();
  // Two microtasks later the first reading is under way.
  await Promise.resolve();
  await Promise.resolve();
  const second = channel.readHistory();
  await Promise.all([first, second]);
  expect(reads).toBe(2);
});
