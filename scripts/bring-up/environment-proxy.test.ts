import { addAccount, changeAccount, environmentAccount } from '@midjourney-api/shared/accounts/accounts';
import { connectDatabase } from '@midjourney-api/shared/database/connect';
import { migrateDatabase } from '@midjourney-api/shared/database/migrate';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../test/database.ts';
import { environmentHasProxy } from './environment-proxy.ts';

test('the account of the environment has a proxy once its row says so', async () => {
  const database = await createTestDatabase();
  expect(await environmentHasProxy(database)).toBe(false);
  await migrateDatabase(database);
  expect(await environmentHasProxy(database)).toBe(false);

  const { db, close } = connectDatabase(database);
  await addAccount(db, environmentAccount, {});
  expect(await environmentHasProxy(database)).toBe(false);
  await changeAccount(db, environmentAccount, { proxy: 'sealed', proxyShown: 'socks5://proxy.example' });
  expect(await environmentHasProxy(database)).toBe(true);
  await close();
  await database.drop();
});
