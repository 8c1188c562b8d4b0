import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { hashAppKey } from '../users/app-key.ts';
import { createUser, findUserByAppKey, listUsers } from '../users/users.ts';
import { connectDatabase } from './connect.ts';
import { migrateDatabase } from './migrate.ts';

/** The table as the older Python installations made it. */
const olderTable = `CREATE TABLE \`user_info\` (
  \`id\`  bigint(20) NOT NULL AUTO_INCREMENT,
  \`user_name\` varchar(64) NOT NULL DEFAULT '',
  \`app_key\` varchar(64) NOT NULL DEFAULT '',
  \`token_total\` int(11) DEFAULT 0,
  \`token_use\`    int(11) DEFAULT 0,
  \`created_at\` datetime DEFAULT NULL,
  \`updated_at\` datetime DEFAULT NULL,
  PRIMARY KEY (\`id\`),
  UNIQUE KEY \`uiq_user_name\` (\`user_name\`),
  UNIQUE KEY \`uiq_app_key\` (\`app_key\`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`;

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
    const connection = await createConnection(access);
    await connection.query(olderTable);
    await connection.query(
      "INSERT INTO user_info (user_name, app_key, token_total, token_use) VALUES ('old', 'plain-old-key', 10, NULL), ('short', 'abc', 5, 1)",
    );

    // Several processes starting at once.
    await Promise.all([migrateDatabase(database), migrateDatabase(database), migrateDatabase(database)]);
    await migrateDatabase(database);

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
    for (const line of olderTable.split('\n').slice(1, -1)) {
      const name = /`(\w+)`/.exec(line)?.[1] ?? '';
      expect(created).toContain(`\`${name}\``);
    }
    await connection.end();
  });
});
