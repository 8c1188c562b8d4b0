import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import { logEnd } from './log-file.ts';
import { untilReady } from './readiness.ts';
import { type ServerProcess, spawnServerProcess } from './server-process.ts';

export interface RedisOptions {
  program: string;
  /** Contains `redis/`, the append-only file, and `logs/`. */
  dataDir: string;
  recordsDir: string;
  port: number;
  password: string;
  /** false: nothing is written to the disk. For tests only. */
  durable: boolean;
}

export function redisUrl(options: Pick<RedisOptions, 'port' | 'password'>): string {
  return `redis://:${options.password}@127.0.0.1:${options.port}/0`;
}

/** Starts the server on its append-only file. Ready when it has loaded it. */
export async function launchRedis(options: RedisOptions): Promise<ServerProcess> {
  const folder = path.join(options.dataDir, 'redis');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const configFile = path.join(options.dataDir, 'redis.conf');
  writeFileSync(configFile, configuration(options, folder), { mode: 0o600 });
  const logFile = path.join(options.dataDir, 'logs', 'redis.log');
  const logFrom = logEnd(logFile);
  const server = await spawnServerProcess({
    name: 'redis',
    command: options.program,
    args: [configFile],
    logFile,
    recordsDir: options.recordsDir,
  });
  const connect = () => pingRedis(redisUrl(options));
  return { ...server, ready: untilReady({ name: 'Redis', process: server, connect, logFile, logFrom }) };
}

function configuration(options: RedisOptions, folder: string): string {
  return `${[
    'bind 127.0.0.1',
    `port ${options.port}`,
    `requirepass ${options.password}`,
    `dir "${folder.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
    `appendonly ${options.durable ? 'yes' : 'no'}`,
    'save ""',
    // BullMQ needs all of its keys: at the memory limit Redis must refuse writes, not evict jobs.
    'maxmemory-policy noeviction',
  ].join('\n')}\n`;
}

/** @throws if Redis cannot be reached or refuses the password */
export async function pingRedis(url: string): Promise<void> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  let reason: Error | undefined;
  client.on('error', (error) => {
    reason ??= error;
  });
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    // The rejection says only that the connection is closed; the event before it says why.
    throw reason ?? error;
  } finally {
    client.disconnect();
  }
}
