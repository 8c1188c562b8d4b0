import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createProductDatabase } from '../../../test/product-database.ts';
import type { DatabaseConnection } from '../database/connect.ts';
import { addAccount, getAccount } from './accounts.ts';
import { resealAccounts } from './reseal.ts';
import { createTokenSeal, type TokenSeal } from './sealed-token.ts';

const before = createTokenSeal(randomBytes(32));
const after = createTokenSeal(randomBytes(32));
const other = createTokenSeal(randomBytes(32));
let connection: DatabaseConnection;
beforeEach(async () => {
  connection = await createProductDatabase();
});
afterEach(() => connection.close());

const add = (name: string, seal: TokenSeal, bot = true) =>
  addAccount(connection.db, name, {
    guildId: '1',
    channelId: '2',
    userToken: seal.seal(`user of ${name}`, name, 'user'),
    botToken: bot ? seal.seal(`bot of ${name}`, name, 'bot') : null,
    session: 'bot',
    concurrency: 3,
    speed: null,
    weight: 1,
  });

async function tokensOf(name: string, seal: TokenSeal) {
  const { userToken, botToken } = await getAccount(connection.db, name);
  return [seal.open(userToken ?? '', name, 'user'), botToken && seal.open(botToken, name, 'bot')];
}

it('seals all tokens with the new key, and again nothing', async () => {
  await add('one', before);
  await add('two', before, false);
  expect(await resealAccounts(connection.db, before, after)).toEqual(['one', 'two']);
  expect(await tokensOf('one', after)).toEqual(['user of one', 'bot of one']);
  expect(await tokensOf('two', after)).toEqual(['user of two', null]);
  expect(await resealAccounts(connection.db, before, after)).toEqual([]);
});

it('changes nothing when one account opens with neither key', async () => {
  await add('one', before);
  await add('two', other);
  await expect(resealAccounts(connection.db, before, after)).rejects.toThrow('"two"');
  expect(await tokensOf('one', before)).toEqual(['user of one', 'bot of one']);
});
