import { connectDatabase } from '@midjourney-api/shared/database/connect';
import { countPendingMigrations, migrateDatabase } from '@midjourney-api/shared/database/migrate';
import { createConnection } from 'mysql2/promise';
import { expect, inject, test } from 'vitest';
import { createMigratedDatabase, createTestDatabase } from './database.ts';

test('gives every caller an empty database of its own', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const { drop, ...access } = one;
  const connection = await createConnection(access);
  await connection.query('CREATE TABLE picture (id INT)');
  const [tables] = await connection.query(
    'SELECT table_schema AS owner FROM information_schema.tables WHERE table_schema IN (?, ?)',
    [one.database, other.database],
  );
  expect(tables).toEqual([{ owner: one.database }]);
  await connection.end();

  await Promise.all([drop(), other.drop()]);
  const root = await createConnection({ ...inject('services').db });
  const [left] = await root.query('SHOW DATABASES LIKE ?', [one.database]);
  expect(left).toEqual([]);
  await root.end();
});

/** Everything that migrations make. */
const whatIsMade = [
  `SELECT table_name, column_name, ordinal_position, column_type, is_nullable, column_default, extra, collation_name
   FROM information_schema.columns WHERE table_schema = ? ORDER BY 1, 2`,
  `SELECT table_name, index_name, seq_in_index, column_name, non_unique, sub_part
   FROM information_schema.statistics WHERE table_schema = ? ORDER BY 1, 2, 3`,
  `SELECT table_name, constraint_name, referenced_table_name, update_rule, delete_rule
   FROM information_schema.referential_constraints WHERE constraint_schema = ? ORDER BY 1, 2`,
];

test('gives a database that is as migrations make it, and has none pending', async () => {
  const [given, migrated] = await Promise.all([createMigratedDatabase(), createTestDatabase()]);
  await migrateDatabase(migrated);
  const root = await createConnection({ ...inject('services').db });
  for (const query of whatIsMade) {
    const [made] = await root.query(query, [migrated.database]);
    const [copied] = await root.query(query, [given.database]);
    expect(copied).toEqual(made);
  }
  await root.end();

  const { db, close } = connectDatabase(given);
  expect(await countPendingMigrations(db)).toBe(0);
  await close();
  await Promise.all([given.drop(), migrated.drop()]);
});
