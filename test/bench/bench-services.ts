import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { startLocalServices } from '../../scripts/services/local-services.ts';
import type { DatabaseAccess } from '../../scripts/services/mysql.ts';

export interface BenchServices {
  /** The folder of this run, removed afterwards. */
  dataDir: string;
  db: DatabaseAccess;
  redisUrl: string;
  redis: Redis;
  /** Ids of the two servers' processes. */
  processes: { mysql: number; redis: number };
  /** Their durability settings, as the servers report them. */
  durability: string;
  stop(): Promise<void>;
}

/**
 * A private MySQL and Redis as a deployment should have them: each commit is on the disk, Redis's log every second.
 * Their folder is made inside `parentDir`, not in a temporary one, which may be memory and would make commits free.
 */
export async function startBenchServices(parentDir: string): Promise<BenchServices> {
  mkdirSync(parentDir, { recursive: true });
  const dataDir = mkdtempSync(path.join(parentDir, 'run-'));
  // Also when it is interrupted: the servers end by themselves then.
  const removeFolder = () => rmSync(dataDir, { recursive: true, force: true });
  process.once('exit', removeFolder);
  const services = await startLocalServices({ dataDir, durable: true, say: console.error });
  const redis = new Redis(services.redisUrl);
  const stop = async () => {
    redis.disconnect();
    await services.stop();
    removeFolder();
    process.off('exit', removeFolder);
  };
  try {
    const durability = await readDurability(services.db, redis);
    const { mysql, redis: redisServer } = services;
    if (mysql.pid === undefined || redisServer.pid === undefined)
      throw new Error('MySQL or Redis has ended.');
    const processes = { mysql: mysql.pid, redis: redisServer.pid };
    return { dataDir, db: services.db, redisUrl: services.redisUrl, redis, processes, durability, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @throws if they could lose acknowledged writes, which would make the measurements worthless. */
async function readDurability(db: DatabaseAccess, redis: Redis): Promise<string> {
  const connection = await createConnection(db);
  const [[mysql]] = await connection.query<({ version: string; flush: number } & RowDataPacket)[]>(
    'SELECT version() AS version, @@innodb_flush_log_at_trx_commit AS flush',
  );
  await connection.end();
  const [, appendOnly] = (await redis.config('GET', 'appendonly')) as string[];
  const [, appendFsync] = (await redis.config('GET', 'appendfsync')) as string[];
  if (mysql?.flush !== 1 || appendOnly !== 'yes' || appendFsync !== 'everysec') {
    throw new Error(
      `not durable: innodb_flush_log_at_trx_commit=${mysql?.flush}, appendonly ${appendOnly}, appendfsync ${appendFsync}`,
    );
  }
  const version = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1];
  return `MySQL ${mysql.version}, innodb_flush_log_at_trx_commit=1; Redis ${version}, appendonly yes, appendfsync everysec`;
}
