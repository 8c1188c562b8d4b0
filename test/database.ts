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
  await runStatement(db, `CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
  return { ...db, database, drop: () => runStatement(db, `DROP DATABASE IF EXISTS ${database}`) };
}

/** A prefix for Redis keys and queue names that no other test uses. */
export function testPrefix(): string {
  return `test-${randomBytes(8).toString('hex')}`;
}

async function runStatement(db: DatabaseAccess, statement: string): Promise<void> {
  const { host, port, user, password } = db;
  const connection = await createConnection({ host, port, user, password });
  try {
    await connection.query(statement);
  } finally {
    await connection.end();
  }
}
