import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrateDatabase } from '@midjourney-api/shared/database/migrate';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { TestProject } from 'vitest/node';
import { startLocalServices } from '../scripts/services/local-services.ts';
import type { DatabaseAccess } from '../scripts/services/mysql.ts';
import { buildPrograms } from './build-programs.ts';

declare module 'vitest' {
  interface ProvidedContext {
    services: { db: DatabaseAccess; redisUrl: string };
    /** The statements that make all tables as they are after all migrations. */
    tables: string;
  }
}

/**
 * One private MariaDB and Redis for the whole test run, and the programs to start, in a folder that is removed with it.
 * With `TEST_MYSQL_URL` most tests use that server instead, as CI does to test other versions of MySQL and MariaDB.
 */
export default async function startTestServices(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'midjourney-api-test-'));
  const programs = path.join(dataDir, 'programs');
  const [services] = await Promise.all([
    startLocalServices({ dataDir, durable: false, say: console.error }),
    buildPrograms(programs),
  ]);
  const db = process.env.TEST_MYSQL_URL ? await givenServer(process.env.TEST_MYSQL_URL) : services.db;
  project.provide('services', { db, redisUrl: services.redisUrl });
  project.provide('programs', programs);
  project.provide('tables', await readTables(db));
  return async () => {
    await services.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

/** Migrates a database and reads what became of it. */
async function readTables(db: DatabaseAccess): Promise<string> {
  const database = 'test_migrated';
  const connection = await createConnection(db);
  const read = async (query: string) => (await connection.query<RowDataPacket[]>(query))[0];
  await connection.query(`DROP DATABASE IF EXISTS ${database}`);
  await connection.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
  await migrateDatabase({ ...db, database });
  await connection.query(`USE ${database}`);
  const statements = ['SET foreign_key_checks = 0'];
  for (const row of await read('SHOW TABLES')) {
    const [made] = await read(`SHOW CREATE TABLE ${Object.values(row)[0]}`);
    statements.push(made?.['Create Table']);
  }
  for (const { hash, created_at: createdAt } of await read('SELECT * FROM __drizzle_migrations'))
    statements.push(`INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('${hash}', ${createdAt})`);
  await connection.query(`DROP DATABASE ${database}`);
  await connection.end();
  return statements.join(';\n');
}

/**
 * A server that the tests may use as they like: `mysql://root:password@host:3306`. Its user creates databases and changes
 * global settings, to those of the private server that the tests otherwise use.
 */
async function givenServer(address: string): Promise<DatabaseAccess> {
  const url = new URL(address);
  const access = {
    host: url.hostname,
    port: Number(url.port || 3306),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: 'mysql',
  };
  const connection = await createConnection(access);
  await connection.query('SET GLOBAL max_connections = 500');
  await connection.query('SET GLOBAL innodb_flush_log_at_trx_commit = 0');
  const [[version]] = (await connection.query('SELECT version() AS name')) as unknown as [[{ name: string }]];
  console.error(`The tests use the given MySQL, ${version.name}.`);
  await connection.end();
  return access;
}
