import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from './environment.ts';
import { readStartSettings } from './start-settings.ts';

test('an empty environment gives private services, the simulator and one of each process', () => {
  expect(readStartSettings({ DB_HOST: '', REDIS_URL: '' })).toMatchObject({
    dataDir: path.join(projectRoot, '.data'),
    port: 8086,
    host: '127.0.0.1',
    apiUrl: 'http://127.0.0.1:8086',
    workers: 1,
    apis: 1,
    database: undefined,
    redisUrl: undefined,
    discord: undefined,
  });
});

test('any database variable means a database that is there already', () => {
  expect(readStartSettings({ DB_PASSWORD: 'x' }).database).toMatchObject({
    host: 'localhost',
    port: 3306,
    password: 'x',
  });
});

test('other machines are let in by HOST only', () => {
  expect(readStartSettings({ HOST: '0.0.0.0' })).toMatchObject({
    host: '0.0.0.0',
    apiUrl: 'http://127.0.0.1:8086',
  });
});

test('doubts that hooks can use links to this machine, once others may reach it', () => {
  const doubtsOf = (env: NodeJS.ProcessEnv) => readStartSettings(env).doubts;
  expect(doubtsOf({})).toEqual([]);
  expect(doubtsOf({ HOST: '0.0.0.0', PORT: '9000' })).toEqual([
    expect.stringContaining('begin with http://localhost:9000'),
  ]);
  expect(doubtsOf({ HOST: '0.0.0.0', PUBLIC_URL: 'https://mj.example' })).toEqual([]);
});

test('an address that is not a wildcard is the one to call', () => {
  expect(readStartSettings({ HOST: '::1', PORT: '9000' }).apiUrl).toBe('http://[::1]:9000');
});

test('a user that listens itself needs no bot token', () => {
  const account = { DISCORD_USER_TOKEN: 'x', DISCORD_GUILD_ID: '1', DISCORD_CHANNEL_ID: '2' };
  expect(readStartSettings({ ...account, DISCORD_SESSION: 'user' }).discord).toMatchObject({
    userToken: 'x',
  });
  expect(() => readStartSettings(account)).toThrow('DISCORD_BOT_TOKEN not set');
});

test.each([
  [{ WORKERS: 'many' }, 'WORKERS: must be a whole number from 1 to 64'],
  [{ APIS: '0' }, 'APIS: must be a whole number from 1 to 64'],
  [{ PORT: '99999' }, 'PORT: '],
  [
    { DISCORD_USER_TOKEN: 'x', DISCORD_GUILD_ID: '1' },
    'DISCORD_BOT_TOKEN, DISCORD_CHANNEL_ID not set: a Discord account needs',
  ],
])('%j is refused', (env, reason) => {
  expect(() => readStartSettings(env)).toThrow(reason);
});
