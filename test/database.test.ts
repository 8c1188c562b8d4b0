import { createConnection } from 'mysql2/promise';
import { expect, inject, test } from 'vitest';
import { createTestDatabase } from './database.ts';

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
