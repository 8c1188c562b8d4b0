import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { inject } from 'vitest';
import type { DatabaseAccess } from '../scripts/services/mysql.ts';

export interface TestDatabase extends DatabaseAccess {
  drop(): Promise<void>;
}

/** A new, empty database of the caller's own, so that test files can run side by side. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { db } = inject('services');
  const database = `test_${randomBytes(8).toString('hex')}`;
  await runStatements(db, `CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
  return { ...db, database, drop: () => runStatements(db, `DROP DATABASE IF EXISTS ${database}`) };
}

/** The same with all tables, made as they are after all migrations: those themselves take longer, and ran once. */
export async function createMigratedDatabase(): Promise<TestDatabase> {
  const created = await createTestDatabase();
  await runStatements(created, inject('tables'));
  return created;
}

/** A prefix for Redis keys and queue names that no other test uses. */
export function testPrefix(): string {
  return `test-${randomBytes(8).toString('hex')}`;
}

async function runStatements(
  { drop: _, ...access }: DatabaseAccess & Partial<TestDatabase>,
  statements: string,
): Promise<void> {
  const connection = await createConnection({ ...access, multipleStatements: true });
  try {
    await connection.query(statements);
  } finally {
    await connection.end();
  }
}
