import { randomBytes } from 'node:crypto';
import { unpaced } from '@midjourney-api/shared/accounts/account.fixture';
import { addAccount, listAccounts } from '@midjourney-api/shared/accounts/accounts';
import { createTokenSeal } from '@midjourney-api/shared/accounts/sealed-token';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

/** Accounts that their operator set up wrongly. */

const oldKey = randomBytes(32).toString('base64');
const newKey = randomBytes(32).toString('base64');
let system: System;

beforeAll(async () => {
  system = await startSystem({ imageSize: 64, env: { SECRETS_KEY: newKey, ACCOUNT_LEASE_MS: '1600' } });
});
afterAll(() => system.stop());

const stateOf = async (wanted: string) => {
  const found = (await listAccounts(system.db)).find(({ name }) => name === wanted);
  return found && { state: found.state, reason: found.reason };
};

it('whose tokens were sealed with another key are locked, until they are sealed with this one', async () => {
  const { userToken, botToken, guildId, channelId } = await new SimulatorControl(
    system.simulator.controlUrl,
  ).addAccount(3);
  const seal = createTokenSeal(Buffer.from(oldKey, 'base64'));
  await addAccount(system.db, 'second', {
    guildId,
    channelId,
    userToken: seal.seal(userToken, 'second', 'user'),
    botToken: seal.seal(botToken, 'second', 'bot'),
    session: 'bot',
    concurrency: 3,
    speed: null,
    weight: 1,
    pacing: unpaced,
  });
  await until('it is locked', async () => (await stateOf('second'))?.state === 'locked');
  expect((await stateOf('second'))?.reason).toMatch(/SECRETS_KEY.+reseal/);

  const wrong = randomBytes(32).toString('base64');
  await expect(system.accountsAnswering(wrong, 'reseal')).rejects.toThrow('neither with the old key');
  expect(await system.accountsAnswering(`${oldKey}\n`, 'reseal')).toContain('second');
  await until('it draws', async () => (await stateOf('second'))?.state === 'ready');
  expect(await stateOf('second')).toEqual({ state: 'ready', reason: null });
  for (const secret of [oldKey, newKey, userToken]) expect(system.output()).not.toContain(secret);
});

it('of the environment are changed by its variables only', async () => {
  const set = (...options: string[]) => system.accounts('set', 'default', ...options);
  await expect(set('--session', 'user')).rejects.toThrow('Set DISCORD_SESSION and restart the workers');
  await expect(set('--concurrency', '9')).rejects.toThrow('DISCORD_CONCURRENCY');
  expect(JSON.parse(await system.accounts('--json', 'show', 'default'))).toMatchObject([
    { session: 'bot', concurrency: 3 },
  ]);
  await set('--speed', 'turbo', '--weight', '2');
  await until('a worker has it with that', async () => (await stateOf('default'))?.state === 'ready');
});
