import { randomBytes } from 'node:crypto';
import { connectDatabase } from '@midjourney-api/shared/database/connect';
import { migrateDatabase } from '@midjourney-api/shared/database/migrate';
import { createUser } from '@midjourney-api/shared/users/users';
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import type { DatabaseAccess } from '../../scripts/services/mysql.ts';

interface BenchUser {
  id: number;
  appKey: string;
}

export interface BenchDatabase {
  access: DatabaseAccess;
  pool: Pool;
  users: BenchUser[];
  /** The numbers of one row. */
  numbers(sql: string, values?: unknown[]): Promise<Record<string, number>>;
  /** Removes all tasks and gives all tokens back. */
  empty(): Promise<void>;
  drop(): Promise<void>;
}

/** More tokens than any run spends. */
const tokenTotal = 2_000_000_000;

/** A separate database with the product's tables and a number of users. */
export async function createBenchDatabase(server: DatabaseAccess, userCount: number): Promise<BenchDatabase> {
  const access = { ...server, database: `bench_${randomBytes(4).toString('hex')}` };
  const pool = createPool({ ...server, connectionLimit: 2, supportBigNumbers: true, bigNumberStrings: true });
  await pool.query(`CREATE DATABASE ${access.database} CHARACTER SET utf8mb4`);
  await pool.end();
  await migrateDatabase(access);
  const users = await createUsers(access, userCount);
  return openDatabase(access, users);
}

async function createUsers(access: DatabaseAccess, userCount: number): Promise<BenchUser[]> {
  const { db, close } = connectDatabase(access);
  const users: BenchUser[] = [];
  for (let i = 1; i <= userCount; i++) {
    const { user, appKey } = await createUser(db, { userName: `user-${i}`, tokenTotal });
    users.push({ id: user.id, appKey });
  }
  await close();
  return users;
}

function openDatabase(access: DatabaseAccess, users: BenchUser[]): BenchDatabase {
  const pool = createPool({ ...access, connectionLimit: 2, supportBigNumbers: true, bigNumberStrings: true });
  return {
    access,
    pool,
    users,
    async numbers(sql, values = []) {
      const [[row]] = await pool.query<RowDataPacket[]>(sql, values);
      return Object.fromEntries(Object.entries(row ?? {}).map(([name, value]) => [name, Number(value)]));
    },
    async empty() {
      for (const table of ['tasks', 'token_ledger', 'notices', 'idempotency_keys'])
        await pool.query(`TRUNCATE ${table}`);
      await pool.query('UPDATE user_info SET token_use = 0');
    },
    async drop() {
      await pool.query(`DROP DATABASE ${access.database}`);
      await pool.end();
    },
  };
}
