import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { environmentSchema } from '@midjourney-api/shared/config/config';
import { launch, logFile } from '../../scripts/launch.ts';
import { freePort } from '../../scripts/services/free-port.ts';
import { logEnd } from '../../scripts/services/log-file.ts';
import type { DatabaseAccess } from '../../scripts/services/mysql.ts';
import { untilReady } from '../../scripts/services/readiness.ts';
import type { BenchServices } from './bench-services.ts';

interface BenchProcess {
  pid: number;
  stop(): Promise<void>;
}

export interface BenchServer extends BenchProcess {
  url: string;
}

export interface BenchWorker extends BenchProcess {
  /** Ends it without letting it hand anything over. */
  die(): Promise<void>;
}

/** One installation: api and workers with these settings belong together. */
export interface Installation {
  env: Record<string, string>;
  redisPrefix: string;
  apiUrl: string;
  webhookSecret: string;
}

/** High enough never to be reached, so that the counting is measured and the refusing is not. */
const never = '1000000000';

/** The settings of an api on this database, and of the workers that report to it. Limits are counted, never reached. */
export async function planInstallation(
  services: BenchServices,
  database: DatabaseAccess,
  different: Record<string, string> = {},
): Promise<Installation> {
  const redisPrefix = `bench-${randomBytes(4).toString('hex')}`;
  const port = await freePort();
  const apiUrl = `http://127.0.0.1:${port}`;
  const webhookSecret = `whsec_${randomBytes(32).toString('base64')}`;
  const env = {
    PATH: process.env.PATH ?? '',
    DB_HOST: database.host,
    DB_PORT: String(database.port),
    DB_USER: database.user,
    DB_PASSWORD: database.password,
    DB_NAME: database.database,
    REDIS_URL: services.redisUrl,
    REDIS_PREFIX: redisPrefix,
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: apiUrl,
    DATA_DIR: path.join(services.dataDir, redisPrefix),
    RESULT_WEBHOOK_SECRET: webhookSecret,
    RESULT_WEBHOOK_URL: `${apiUrl}/v1/api/trigger/midjourney/result`,
    RATE_LIMIT_PER_KEY: never,
    RATE_LIMIT_PER_ADDRESS: never,
    AUTH_FAILURES_PER_ADDRESS: never,
    WAITING_LIMIT: never,
    WAITING_LIMIT_PER_USER: never,
    ...different,
  };
  return { env, redisPrefix, apiUrl, webhookSecret };
}

export function startApi(services: BenchServices, { env, apiUrl }: Installation): Promise<BenchServer> {
  return startServer(services, 'api', 'api/src/main.ts', env, apiUrl, '/healthz');
}

/** Ready when it runs; whether its accounts are is in MySQL. */
export async function startWorker(
  services: BenchServices,
  { env, redisPrefix }: Installation,
): Promise<BenchWorker> {
  const id = `worker-${redisPrefix}-${randomBytes(2).toString('hex')}`;
  const worker = await launch({ id, entry: 'worker/src/main.ts', env, dataDir: services.dataDir });
  return {
    pid: worker.pid,
    stop: () => worker.stop(10_000),
    die: async () => {
      process.kill(worker.pid, 'SIGKILL');
      await worker.exited;
    },
  };
}

/** Discord with Midjourney in it, which serves one prepared picture for all jobs. */
export async function startSimulator(
  services: BenchServices,
  { drawMs }: { drawMs: number },
): Promise<BenchServer & { controlUrl: string }> {
  const [port, controlPort] = [await freePort(), await freePort()];
  const env = {
    PATH: process.env.PATH ?? '',
    SIM_HOST: '127.0.0.1',
    SIM_PORT: String(port),
    SIM_CONTROL_PORT: String(controlPort),
    SIM_DRAW_MS: String(drawMs),
    SIM_BOT_DELAY_MS: '0',
    SIM_IMAGE_SIZE: '256',
    SIM_ONE_PICTURE: '1',
  };
  const controlUrl = `http://127.0.0.1:${controlPort}`;
  const entry = 'simulator/src/main.ts';
  const server = await startServer(services, 'simulator', entry, env, controlUrl, '/stats');
  return { ...server, url: `http://127.0.0.1:${port}/api`, controlUrl };
}

/** The server that floors are measured on. */
export async function startFloor(
  services: BenchServices,
  database: DatabaseAccess,
): Promise<BenchServer & { queuePrefix: string }> {
  const port = await freePort();
  const queuePrefix = `floor-${randomBytes(4).toString('hex')}`;
  const env = {
    PATH: process.env.PATH ?? '',
    FLOOR_PORT: String(port),
    FLOOR_DATABASE: JSON.stringify(database),
    // As many connections as the api has by default.
    FLOOR_POOL_SIZE: String(environmentSchema.shape.DB_POOL_SIZE.parse(undefined)),
    FLOOR_REDIS_URL: services.redisUrl,
    FLOOR_QUEUE_PREFIX: queuePrefix,
  };
  const url = `http://127.0.0.1:${port}`;
  return {
    ...(await startServer(services, 'floor', 'test/bench/floor-server.ts', env, url, '/')),
    queuePrefix,
  };
}

async function startServer(
  services: BenchServices,
  name: string,
  entry: string,
  env: Record<string, string>,
  url: string,
  healthPath: string,
): Promise<BenchServer> {
  const { dataDir } = services;
  const id = `${name}-${new URL(url).port}`;
  const log = logFile({ dataDir, id });
  const logFrom = logEnd(log);
  const started = await launch({ id, entry, env, dataDir });
  const connect = async () => void (await (await fetch(url + healthPath)).text());
  await untilReady({ name, process: started, connect, logFile: log, logFrom });
  return {
    pid: started.pid,
    url,
    stop: async () => {
      await started.stop(10_000);
      if (env.DATA_DIR) rmSync(env.DATA_DIR, { recursive: true, force: true });
    },
  };
}
