import { type Simulator, startSimulator } from '@midjourney-api/simulator/simulator';
import { DiscordUser } from '@midjourney-api/simulator/testing/discord-user';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { aDiscordAccount } from '../discord/discord-account.fixture.ts';
import type { DiscordAccount } from '../discord/discord-account.ts';
import { createDiscordRest } from '../discord/rest/discord-rest.ts';
import { createWorkerMetrics } from '../metrics.ts';
import { lookAtDiscord } from './look-at-discord.ts';

let simulator: Simulator;
let person: DiscordUser;
let refused: string[];
beforeEach(async () => {
  refused = [];
  simulator = await startSimulator({ drawMs: 0, imageSize: 64 });
  person = new DiscordUser(simulator);
});
afterEach(() => simulator.close());

function look(different: Partial<DiscordAccount> = {}, now?: () => number) {
  const account = aDiscordAccount({ ...person.account, ...different });
  const rest = createDiscordRest(simulator.apiUrl, account, createWorkerMetrics('test'), {
    onAccountRefused: ({ reason }) => refused.push(reason),
  });
  return lookAtDiscord(account, rest, now);
}
async function userCalls() {
  const { accounts } = await person.control('GET', '/stats');
  return (accounts as { userCalls: Record<string, unknown> }[])[0]?.userCalls;
}

it('sees all that an account with a bot needs, with one call of the user', async () => {
  const facts = await look();
  expect(facts).toMatchObject({
    bot: { value: { readsContent: true } },
    channel: { value: { guildId: person.account.guildId, slowModeSeconds: 0 } },
    botMay: { value: expect.arrayContaining(['ViewChannel', 'ReadMessageHistory']) },
    userMay: { value: expect.arrayContaining(['UseApplicationCommands', 'AttachFiles', 'EmbedLinks']) },
  });
  expect(facts.commands).toMatchObject({
    value: expect.arrayContaining([{ name: 'imagine', version: expect.stringMatching(/^\d+$/) }]),
  });
  expect(Math.abs(facts.clockAheadMs ?? Number.NaN)).toBeLessThan(5_000);
  expect(Object.keys((await userCalls()) ?? {})).toEqual(['GET /guilds/:id/application-command-index']);
});

it('without a bot, asks as the user, four times', async () => {
  const facts = await look({ session: 'user', botToken: null });
  expect(facts).toMatchObject({ bot: null, botMay: null, channel: { value: { slowModeSeconds: 0 } } });
  expect('value' in facts.userMay).toBe(true);
  expect(Object.keys((await userCalls()) ?? {})).toHaveLength(4);
});

it('sees a bot without the intent, and slow mode', async () => {
  const path = `/accounts/${person.account.userId}/settings`;
  await person.control('POST', path, { contentIntent: false, slowModeSeconds: 30 });
  expect(await look()).toMatchObject({
    bot: { value: { readsContent: false } },
    channel: { value: { slowModeSeconds: 30 } },
  });
});

it('sees a revoked user token, which stops the account', async () => {
  await person.control('POST', `/accounts/${person.account.userId}/revoke`, { which: 'user' });
  const facts = await look();
  expect(facts.commands).toMatchObject({ status: 401 });
  expect('value' in facts.userMay).toBe(true);
  expect(refused).toHaveLength(1);
});

it('sees a revoked bot token, and does not ask as the user instead', async () => {
  await person.control('POST', `/accounts/${person.account.userId}/revoke`, { which: 'bot' });
  expect(await look()).toMatchObject({
    bot: { status: 401 },
    channel: { status: 401 },
    userMay: { status: 401 },
    commands: { value: expect.anything() },
  });
  expect(Object.keys((await userCalls()) ?? {})).toHaveLength(1);
  expect(refused).toEqual([]);
});

it('sees a wrong channel and a wrong server, which do not stop the account', async () => {
  const other = await person.control('POST', '/accounts', {});
  const strange = await look({ guildId: String(other.guildId), channelId: String(other.channelId) });
  expect(strange).toMatchObject({ commands: { status: 403 }, channel: { status: 403 } });
  expect(await look({ channelId: '1234567890123456789' })).toMatchObject({ channel: { status: 404 } });
  const elsewhere = await look({ guildId: '1234567890123456789' });
  expect(elsewhere).toMatchObject({ commands: { status: 404 }, userMay: { status: 404 } });
  expect(elsewhere.channel).toMatchObject({ value: { guildId: person.account.guildId } });
  expect(refused).toEqual([]);
});

it('sees that the clock is wrong', async () => {
  const { clockAheadMs } = await look({}, () => Date.now() + 600_000);
  expect(Math.round((clockAheadMs ?? 0) / 10_000)).toBe(60);
});

it('says that Discord cannot be reached', async () => {
  await simulator.close();
  expect(await look()).toMatchObject({
    commands: { status: null, message: expect.stringMatching(/./) },
    clockAheadMs: null,
  });
});
