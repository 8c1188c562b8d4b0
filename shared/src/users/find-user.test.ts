import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProductDatabase } from '../../../test/product-database.ts';
import type { DatabaseConnection } from '../database/connect.ts';
import { users } from '../database/schema.ts';
import { hashAppKey } from './app-key.ts';
import { createUser, findUserByAppKey } from './users.ts';

let database: DatabaseConnection;
beforeAll(async () => {
  database = await createProductDatabase();
});
afterAll(() => database.close());

test('a user is found by the whole key, and by nothing that is like it', async () => {
  const { appKey, user } = await createUser(database.db, { userName: 'someone', tokenTotal: 1 });
  expect(await findUserByAppKey(database.db, appKey)).toEqual(user);
  for (const like of [appKey.toUpperCase(), `${appKey} `, appKey.slice(0, -1), hashAppKey(appKey), '', '%']) {
    expect(await findUserByAppKey(database.db, like)).toBeUndefined();
  }
});

test('a stored hash that only MySQL takes for the same finds nobody', async () => {
  const { appKey, user } = await createUser(database.db, { userName: 'other', tokenTotal: 1 });
  await database.db
    .update(users)
    .set({ appKey: hashAppKey(appKey).toUpperCase() })
    .where(eq(users.id, user.id));
  expect(await findUserByAppKey(database.db, appKey)).toBeUndefined();
});
