import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/mysql2';
import { migrate } from 'drizzle-orm/mysql2/migrator';
import { createConnection } from 'mysql2/promise';
import { z } from 'zod';
import type { DatabaseConfig } from '../config/config.ts';
import { type Database, databaseErrorCode, poolOptions } from './connect.ts';

const migrationsFolder = fileURLToPath(new URL('../../../drizzle', import.meta.url));

/** How many migrations the database still needs. Changes nothing. */
export async function countPendingMigrations(db: Database): Promise<number> {
  const newest = await newestMigration(db);
  return readMigrationFiles({ migrationsFolder }).filter(({ folderMillis }) => folderMillis > newest).length;
}

async function newestMigration(db: Database): Promise<number> {
  const query = sql`select max(created_at) as newest from __drizzle_migrations`;
  const [rows] = await db.execute(query).catch((error) => {
    if (databaseErrorCode(error) === 'ER_NO_SUCH_TABLE') return [[]];
    throw error;
  });
  return z.array(z.object({ newest: z.coerce.number() })).parse(rows)[0]?.newest ?? 0;
}

/**
 * Applies the migrations that the database still needs. Several processes may call it at once: one takes a lock, the
 * others wait for it and then find nothing to do.
 */
export async function migrateDatabase(config: DatabaseConfig): Promise<void> {
  const { connectionLimit: _, ...options } = poolOptions(config);
  const connection = await createConnection(options);
  try {
    const lock = `midjourney-api migrations ${config.database}`.slice(0, 64);
    const [rows] = await connection.query('SELECT GET_LOCK(?, 120) AS locked', [lock]);
    if (!Array.isArray(rows) || !rows[0] || !('locked' in rows[0]) || Number(rows[0].locked) !== 1) {
      throw new Error(
        'Another process has been migrating the database for two minutes; check what it waits for.',
      );
    }
    await migrate(drizzle(connection), { migrationsFolder });
  } finally {
    // Ends the session, and with it the lock.
    await connection.end();
  }
}
