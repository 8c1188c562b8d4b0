import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { createOlderInstallation, olderUsersTable } from '../../../test/older-installation.ts';
import { hashAppKey } from '../users/app-key.ts';
import { createUser, findUserByAppKey, listUsers } from '../users/users.ts';
import { connectDatabase } from './connect.ts';
import { migrateDatabase } from './migrate.ts';

let database: TestDatabase;
let access: Omit<TestDatabase, 'drop'>;
beforeAll(async () => {
  database = await createTestDatabase();
  const { drop: _, ...rest } = database;
  access = rest;
});
afterAll(() => database.drop());

describe('migrateDatabase', () => {
  it('hashes the plain keys of an older installation once, so that its clients keep working', async () => {
    await createOlderInstallation(database, [
      { userName: 'old', appKey: 'plain-old-key', tokenTotal: 10, tokenUse: null },
      { userName: 'short', appKey: 'abc', tokenTotal: 5, tokenUse: 1 },
    ]);

    // Several processes starting at once.
    await Promise.all([migrateDatabase(database), migrateDatabase(database), migrateDatabase(database)]);
    await migrateDatabase(database);

    const connection = await createConnection(access);
    const [rows] = await connection.query('SELECT app_key FROM user_info ORDER BY id');
    expect(rows).toEqual([{ app_key: hashAppKey('plain-old-key') }, { app_key: hashAppKey('abc') }]);
    await connection.end();
    const { db, close } = connectDatabase(database);
    expect(await findUserByAppKey(db, 'plain-old-key')).toMatchObject({
      userName: 'old',
      tokenTotal: 10,
      tokenUse: 0,
    });
    await close();
  });

  it('has the users of an older installation answered in its dialect, and no others', async () => {
    const { db, close } = connectDatabase(database);
    const { user } = await createUser(db, { userName: 'new', tokenTotal: 1 });
    const dialects = (await listUsers(db)).map(({ userName, dialect }) => [userName, dialect]);
    expect(dialects).toEqual([
      ['old', 'original'],
      ['short', 'original'],
      ['new', 'v1'],
    ]);
    // The hint of a key made here, by which the migration knows it from those of older installations.
    expect(user.appKeyHint).toHaveLength(9);
    await close();
  });

  it('keeps the columns and keys of user_info as they were', async () => {
    const connection = await createConnection(access);
    const [rows] = await connection.query('SHOW CREATE TABLE user_info');
    const created = JSON.stringify(rows);
    for (const line of olderUsersTable.split('\n').slice(1, -1)) {
      const name = /`(\w+)`/.exec(line)?.[1] ?? '';
      expect(created).toContain(`\`${name}\``);
    }
    await connection.end();
  });
});
