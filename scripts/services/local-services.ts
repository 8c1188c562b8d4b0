import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { freePort } from './free-port.ts';
import { type DatabaseAccess, launchMySql } from './mysql.ts';
import { databaseServer, installMissingServers, redisServer } from './programs.ts';
import { launchRedis, redisUrl } from './redis.ts';
import { SecretsFile } from './secrets-file.ts';
import { endOrphans, type ServerProcess } from './server-process.ts';
import { SupervisedProcess, type Trouble } from './supervised-process.ts';

/** How long a database may take to close its files before it is killed. */
const stopGraceMs = 3000;
const portAttempts = 3;

export interface LocalServicesOptions {
  /** Contains all of their data. Only one pair may run on a folder at a time. */
  dataDir: string;
  /** false trades durability for speed. For tests only. */
  durable?: boolean;
  onChange?: () => void;
  onTrouble?: (trouble: Trouble) => void;
  /** Aborts a start. */
  signal?: AbortSignal;
}

/** A server on its own loopback port, restarted when it dies; `stop` and `start` simulate an outage. */
interface LocalService {
  server: SupervisedProcess;
  stop(): Promise<void>;
}

export interface LocalServices {
  db: DatabaseAccess;
  redisUrl: string;
  mysql: SupervisedProcess;
  redis: SupervisedProcess;
  /** Resolves when both are gone; at most about 3 s. */
  stop(): Promise<void>;
}

/**
 * A private MariaDB (or MySQL) and Redis, children of this process, on the data of `dataDir`.
 * @throws Complaint if the programs are not installed, Error if one of them cannot start
 */
export async function startLocalServices(
  options: LocalServicesOptions & { say?: (line: string) => void },
): Promise<LocalServices> {
  await endOrphanedServices(options.dataDir);
  installMissingServers({ mysql: true, redis: true }, options.say ?? (() => {}));
  const [mysql, redis] = await Promise.allSettled([startLocalMySql(options), startLocalRedis(options)]);
  if (mysql.status === 'fulfilled' && redis.status === 'fulfilled') {
    return {
      db: mysql.value.access,
      redisUrl: redis.value.url,
      mysql: mysql.value.server,
      redis: redis.value.server,
      stop: async () => void (await Promise.all([mysql.value.stop(), redis.value.stop()])),
    };
  }
  const results = [mysql, redis];
  await Promise.all(results.map((result) => result.status === 'fulfilled' && result.value.stop()));
  throw results.find((result) => result.status === 'rejected')?.reason;
}

/** Stops what an earlier, killed owner of the folder left running. Call it before starting the servers. */
export async function endOrphanedServices(dataDir: string): Promise<void> {
  await endOrphans(recordsDir(dataDir), stopGraceMs);
}

/** @throws Complaint if the program is not installed, Error if it cannot start */
export async function startLocalMySql(
  options: LocalServicesOptions,
): Promise<LocalService & { access: DatabaseAccess }> {
  const password = secretsOf(options.dataDir).remember('dbPassword', randomPassword);
  const settings = { ...launchSettings(options), server: databaseServer() };
  return onFreePort(async (port) => {
    const access = { host: '127.0.0.1', port, user: 'midjourney', password, database: 'midjourney' };
    const service = await startService('mysql', options, () => launchMySql({ ...settings, access }));
    return { ...service, access };
  });
}

/** @throws Complaint if the program is not installed, Error if it cannot start */
export async function startLocalRedis(
  options: LocalServicesOptions,
): Promise<LocalService & { url: string }> {
  const password = secretsOf(options.dataDir).remember('redisPassword', randomPassword);
  const settings = { ...launchSettings(options), program: redisServer() };
  return onFreePort(async (port) => {
    const service = await startService('redis', options, () => launchRedis({ ...settings, port, password }));
    return { ...service, url: redisUrl({ port, password }) };
  });
}

async function startService(
  name: string,
  { onChange, onTrouble, signal }: LocalServicesOptions,
  launch: () => Promise<ServerProcess>,
): Promise<LocalService> {
  const server = new SupervisedProcess({ name, launch, onChange, onTrouble });
  await server.start(signal);
  return { server, stop: () => server.stop(stopGraceMs) };
}

function launchSettings({ dataDir, durable = true }: LocalServicesOptions) {
  return { dataDir, durable, recordsDir: recordsDir(dataDir) };
}

function recordsDir(dataDir: string): string {
  return path.join(dataDir, 'processes', 'services');
}

/** Another program can take a free port before the server does; then it tries another port. */
async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePort());
    } catch (error) {
      const portTaken = error instanceof Error && /address already in use/i.test(error.message);
      if (!portTaken || attempt === portAttempts) throw error;
    }
  }
}

function secretsOf(dataDir: string): SecretsFile {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return new SecretsFile(path.join(dataDir, 'secrets.json'));
}

function randomPassword(): string {
  return randomBytes(24).toString('base64url');
}
