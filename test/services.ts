import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createConnection } from 'mysql2/promise';
import type { TestProject } from 'vitest/node';
import { startLocalServices } from '../scripts/services/local-services.ts';
import type { DatabaseAccess } from '../scripts/services/mysql.ts';
import { buildPrograms } from './build-programs.ts';

declare module 'vitest' {
  interface ProvidedContext {
    services: { db: DatabaseAccess; redisUrl: string };
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
  return async () => {
    await services.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
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
