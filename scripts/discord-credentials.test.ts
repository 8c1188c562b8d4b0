import { type Simulator, startSimulator } from '@midjourney-api/simulator/simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkDiscordCredentials, type DiscordCredentials } from './discord-credentials.ts';

const signal = new AbortController().signal;
let simulator: Simulator;
let right: DiscordCredentials;

beforeAll(async () => {
  simulator = await startSimulator();
  const [account] = simulator.accounts;
  if (account === undefined) throw new Error('the simulator has no account');
  right = { apiUrl: simulator.apiUrl, userToken: account.userToken, botToken: account.botToken };
});
afterAll(() => simulator.close());

test('right tokens pass', async () => {
  await expect(checkDiscordCredentials(right, signal)).resolves.toBeUndefined();
});

test('the token of a bot that is not needed is not asked for', async () => {
  await expect(checkDiscordCredentials({ ...right, botToken: undefined }, signal)).resolves.toBeUndefined();
});

test.each([
  ['userToken', 'DISCORD_USER_TOKEN'],
  ['botToken', 'DISCORD_BOT_TOKEN'],
] as const)('a wrong %s is named by its variable, without the token', async (token, variable) => {
  const wrong = checkDiscordCredentials({ ...right, [token]: 'MTAw.wrong.token' }, signal);
  await expect(wrong).rejects.toThrow(`${variable}: Discord does not know this token`);
});

test('a Discord that cannot be reached is left to the worker', async () => {
  const unreachable = { ...right, apiUrl: 'http://127.0.0.1:1/api' };
  await expect(checkDiscordCredentials(unreachable, signal)).resolves.toBeUndefined();
});
