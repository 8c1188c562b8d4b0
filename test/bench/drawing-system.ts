import { randomBytes } from 'node:crypto';
import { unpaced } from '@midjourney-api/shared/accounts/account.fixture';
import { addAccount } from '@midjourney-api/shared/accounts/accounts';
import { createTokenSeal } from '@midjourney-api/shared/accounts/sealed-token';
import { connectDatabase } from '@midjourney-api/shared/database/connect';
import { SimulatorControl } from '../system/simulator-control.ts';
import { until } from '../system/until.ts';
import type { Bench } from './bench-case.ts';
import { type BenchDatabase, createBenchDatabase } from './bench-database.ts';
import type { Processes } from './measures/usage.ts';
import {
  type BenchServer,
  type BenchWorker,
  type Installation,
  planInstallation,
  startApi,
  startSimulator,
  startWorker,
} from './processes.ts';

export interface DrawingSystem {
  database: BenchDatabase;
  installation: Installation;
  api: BenchServer;
  midjourney: SimulatorControl;
  /** All that were started. */
  workers: BenchWorker[];
  addWorker(): Promise<BenchWorker>;
  processes: Processes;
}

export interface DrawingOptions {
  userCount: number;
  accountCount: number;
  /** Jobs that each account runs at a time. */
  concurrency: number;
  drawMs: number;
  /** One when left out. */
  workerCount?: number;
  env?: Record<string, string>;
}

/** Everything: an api, workers with all the accounts ready, and a simulator with one prepared picture. */
export async function withDrawingSystem<T>(
  { services }: Bench,
  options: DrawingOptions,
  use: (system: DrawingSystem) => Promise<T>,
): Promise<T> {
  const { userCount, accountCount, concurrency, drawMs, workerCount = 1, env } = options;
  const database = await createBenchDatabase(services.db, userCount);
  const simulator = await startSimulator(services, { drawMs });
  const midjourney = new SimulatorControl(simulator.controlUrl);
  const secretsKey = randomBytes(32);
  await addAccounts(database, midjourney, { accountCount, concurrency, secretsKey });
  const installation = await planInstallation(services, database.access, {
    DISCORD_API_URL: simulator.url,
    ALLOW_PRIVATE_DOWNLOADS: '1',
    SECRETS_KEY: secretsKey.toString('base64'),
    ...env,
  });
  const api = await startApi(services, installation);
  const workers: BenchWorker[] = [];
  const addWorker = async () => {
    const worker = await startWorker(services, installation);
    workers.push(worker);
    return worker;
  };
  await Promise.all(Array.from({ length: workerCount }, addWorker));
  try {
    await until(
      `${accountCount} accounts are ready`,
      async () => {
        const { ready } = await database.numbers(
          "SELECT COUNT(*) AS ready FROM accounts WHERE state = 'ready'",
        );
        return ready === accountCount;
      },
      120_000,
    );
    const [first] = workers;
    const processes = {
      api: api.pid,
      ...(first && { worker: first.pid }),
      ...services.processes,
      simulator: simulator.pid,
    };
    return await use({ database, installation, api, midjourney, workers, addWorker, processes });
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await Promise.all([api.stop(), simulator.stop()]);
    await database.drop();
  }
}

/** Accounts that the simulator and the service both know. */
async function addAccounts(
  database: BenchDatabase,
  midjourney: SimulatorControl,
  {
    accountCount,
    concurrency,
    secretsKey,
  }: { accountCount: number; concurrency: number; secretsKey: Buffer },
): Promise<void> {
  const { db, close } = connectDatabase(database.access);
  const seal = createTokenSeal(secretsKey);
  for (let i = 1; i <= accountCount; i++) {
    const name = `account-${i}`;
    const { userToken, botToken, guildId, channelId } = await midjourney.addAccount(concurrency);
    await addAccount(db, name, {
      guildId,
      channelId,
      userToken: seal.seal(userToken, name, 'user'),
      botToken: seal.seal(botToken, name, 'bot'),
      session: 'bot',
      concurrency,
      speed: null,
      weight: 1,
      pacing: unpaced,
    });
  }
  await close();
}
