import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { freePort } from './free-port.ts';
import { type DatabaseAccess, startMariaDb } from './mariadb.ts';
import { ensureServerPrograms, type ServerPrograms } from './programs.ts';
import { redisUrl, startRedis } from './redis.ts';
import { SecretsFile } from './secrets-file.ts';
import { endOrphans } from './server-process.ts';
import { SupervisedProcess } from './supervised-process.ts';

const STOP_GRACE_MS = 3000;
const PORT_ATTEMPTS = 3;

export interface LocalServicesOptions {
  /** Everything they keep is in here. One pair at a time may run on a folder. */
  dataDir: string;
  /** false trades durability for speed. For tests only. */
  durable?: boolean;
  onChange?: () => void;
  onTrouble?: (line: string) => void;
  say?: (line: string) => void;
}

/** A private MariaDB (or MySQL) and Redis, children of this process, on loopback ports of their own. */
export interface LocalServices {
  db: DatabaseAccess;
  redisUrl: string;
  /** Started again when they die; `stop` and `start` make an outage. */
  mariadb: SupervisedProcess;
  redis: SupervisedProcess;
  /** Resolves when both are gone; at most about 3 s. Safe to call at any time. */
  stop(): Promise<void>;
}

/**
 * Starts both on the data of `dataDir`, after ending what an earlier, killed owner of the folder left running.
 * @throws Complaint when the programs are not installed, Error when one of them cannot start
 */
export async function startLocalServices(options: LocalServicesOptions): Promise<LocalServices> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const recordsDir = path.join(options.dataDir, 'processes', 'services');
  await endOrphans(recordsDir, STOP_GRACE_MS);
  const programs = ensureServerPrograms(options.say ?? (() => {}));
  const [database, redis] = await Promise.allSettled([
    startDatabase(options, programs, recordsDir),
    startQueueStore(options, programs, recordsDir),
  ]);
  const stop = async () => {
    const started = [database, redis].filter((result) => result.status === 'fulfilled');
    await Promise.all(started.map((result) => result.value.server.stop(STOP_GRACE_MS)));
  };
  if (database.status === 'rejected' || redis.status === 'rejected') {
    await stop();
    throw [database, redis].find((result) => result.status === 'rejected')?.reason;
  }
  return {
    db: database.value.access,
    redisUrl: redis.value.url,
    mariadb: database.value.server,
    redis: redis.value.server,
    stop,
  };
}

async function startDatabase(options: LocalServicesOptions, programs: ServerPrograms, recordsDir: string) {
  const password = secretsOf(options).remember('dbPassword', randomPassword);
  return onFreePort(async (port) => {
    const access = { host: '127.0.0.1', port, user: 'midjourney', password, database: 'midjourney' };
    const server = new SupervisedProcess({
      ...options,
      name: 'mariadb',
      launch: () =>
        startMariaDb({
          server: programs.database,
          dataDir: options.dataDir,
          recordsDir,
          access,
          durable: options.durable ?? true,
        }),
    });
    await server.start();
    return { server, access };
  });
}

async function startQueueStore(options: LocalServicesOptions, programs: ServerPrograms, recordsDir: string) {
  const password = secretsOf(options).remember('redisPassword', randomPassword);
  return onFreePort(async (port) => {
    const settings = { port, password };
    const server = new SupervisedProcess({
      ...options,
      name: 'redis',
      launch: () =>
        startRedis({
          ...settings,
          program: programs.redis,
          dataDir: options.dataDir,
          recordsDir,
          durable: options.durable ?? true,
        }),
    });
    await server.start();
    return { server, url: redisUrl(settings) };
  });
}

/** Another program can take a free port before the server does: then try with another one. */
async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePort());
    } catch (error) {
      const portTaken = error instanceof Error && /address already in use/i.test(error.message);
      if (!portTaken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

function secretsOf(options: LocalServicesOptions): SecretsFile {
  return new SecretsFile(path.join(options.dataDir, 'secrets.json'));
}

function randomPassword(): string {
  return randomBytes(24).toString('base64url');
}
