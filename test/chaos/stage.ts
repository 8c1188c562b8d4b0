import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unpaced } from '@midjourney-api/shared/accounts/account.fixture';
import {
  addAccount,
  changeAccount,
  environmentAccount,
  findAccount,
} from '@midjourney-api/shared/accounts/accounts';
import { createTokenSeal } from '@midjourney-api/shared/accounts/sealed-token';
import { connectDatabase, type DatabaseConnection } from '@midjourney-api/shared/database/connect';
import { type SimulatedAccount, type Simulator, startSimulator } from '@midjourney-api/simulator/simulator';
import { freePort } from '../../scripts/services/free-port.ts';
import { type LocalServices, startLocalServices } from '../../scripts/services/local-services.ts';
import { type StallingProxy, startStallingProxy } from '../stalling-proxy.ts';
import { SimulatorControl } from '../system/simulator-control.ts';
import { until } from '../system/until.ts';
import { RunningCopy } from './running-copy.ts';

/** The sessions that listen for the accounts: an operator's bot for the first, the user itself for the second, or one of them for both. */
export type Sessions = 'mixed' | 'bot' | 'user';

const concurrency = { first: 4, second: 3 };

/**
 * The service as `npm start` runs it, with two apis and three workers and two accounts. Between it and MySQL, Redis
 * and Discord lie networks that can be broken.
 */
export class Stage {
  readonly copy: RunningCopy;
  readonly midjourney: SimulatorControl;
  readonly simulator: Simulator;
  readonly services: LocalServices;
  /** Straight to MySQL, past the network. */
  readonly database: DatabaseConnection;
  readonly networks: Record<'MySQL' | 'Redis' | 'Discord', StallingProxy>;
  readonly #dataDir: string;

  constructor(parts: Pick<Stage, 'copy' | 'simulator' | 'services' | 'networks'>, dataDir: string) {
    this.copy = parts.copy;
    this.simulator = parts.simulator;
    this.services = parts.services;
    this.networks = parts.networks;
    this.midjourney = new SimulatorControl(parts.simulator.controlUrl);
    this.database = connectDatabase(parts.services.db);
    this.#dataDir = dataDir;
  }

  static async start(sessions: Sessions): Promise<Stage> {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'midjourney-api-chaos-'));
    const services = await startLocalServices({ dataDir: path.join(dataDir, 'services') });
    const redis = new URL(services.redisUrl);
    const discordPort = await freePort();
    const [toMySql, toRedis, toDiscord] = await Promise.all([
      startStallingProxy(services.db.port),
      startStallingProxy(Number(redis.port)),
      startStallingProxy(discordPort),
    ]);
    const simulator = await startSimulator({
      port: discordPort,
      publicUrl: `http://127.0.0.1:${toDiscord.port}`,
      drawMs: 400,
      botDelayMs: 100,
      imageSize: 64,
      lazyPictures: true,
      accounts: [{ concurrency: concurrency.first }, { concurrency: concurrency.second }],
    });
    const [first, second] = simulator.accounts;
    if (!first || !second) throw new Error('The simulator has not got two accounts.');
    redis.port = String(toRedis.port);
    const secretsKey = randomBytes(32);
    const copy = await RunningCopy.start(path.join(dataDir, 'copy'), {
      WORKERS: '3',
      APIS: '2',
      LOG_LEVEL: 'info',
      SECRETS_KEY: secretsKey.toString('base64'),
      DB_HOST: '127.0.0.1',
      DB_PORT: String(toMySql.port),
      DB_NAME: services.db.database,
      DB_USER: services.db.user,
      DB_PASSWORD: services.db.password,
      DB_TIMEOUT_MS: '3000',
      REDIS_URL: redis.href,
      DISCORD_API_URL: simulator.apiUrl,
      DISCORDSAYS_URL: simulator.discordSaysUrl,
      DISCORD_USER_TOKEN: first.userToken,
      DISCORD_BOT_TOKEN: first.botToken,
      DISCORD_SESSION: sessions === 'user' ? 'user' : 'bot',
      DISCORD_GUILD_ID: first.guildId,
      DISCORD_CHANNEL_ID: first.channelId,
      DISCORD_CONCURRENCY: String(concurrency.first),
      ACCOUNT_LEASE_MS: '3000',
      EVIDENCE_WINDOW_MS: '4000',
      START_DEADLINE_MS: '8000',
      PROGRESS_DEADLINE_MS: '5000',
      RATE_LIMIT_PER_KEY: '0',
      RATE_LIMIT_PER_ADDRESS: '0',
      ALLOW_PRIVATE_HOOKS: '1',
      ALLOW_PRIVATE_DOWNLOADS: '1',
    });
    const stage = new Stage(
      { copy, simulator, services, networks: { MySQL: toMySql, Redis: toRedis, Discord: toDiscord } },
      dataDir,
    );
    // `npm start` is ready once its api answers; it is a worker that makes the account known.
    await until('the account is known', () => findAccount(stage.database.db, environmentAccount));
    await changeAccount(stage.database.db, environmentAccount, { pacing: unpaced });
    await addSecondAccount(stage.database, second, sessions === 'bot' ? 'bot' : 'user', secretsKey);
    return stage;
  }

  /** Ids of the processes of this name that are up: `api`, `worker`, `mysql` or `redis`. */
  pids(name: string): number[] {
    if (name === 'mysql' || name === 'redis') return [this.services[name].pid ?? []].flat();
    return this.copy.pids(name);
  }

  /** How many jobs each account may have at Midjourney, by its user's id. */
  get concurrency(): Map<string, number> {
    return new Map(this.simulator.accounts.map(({ userId, concurrency }) => [userId, concurrency]));
  }

  get logs(): string {
    return path.join(this.#dataDir, 'copy', 'logs');
  }

  /** @param keep leaves everything that it wrote, to be looked at. */
  async stop({ keep }: { keep: boolean }): Promise<void> {
    await this.database.close();
    await this.copy.stop();
    await this.simulator.close();
    await this.services.stop();
    await Promise.all(Object.values(this.networks).map((network) => network.close()));
    if (!keep) rmSync(this.#dataDir, { recursive: true, force: true });
  }
}

async function addSecondAccount(
  { db }: DatabaseConnection,
  { guildId, channelId, userToken, botToken }: SimulatedAccount,
  session: 'bot' | 'user',
  secretsKey: Buffer,
): Promise<void> {
  const seal = createTokenSeal(secretsKey);
  await addAccount(db, 'second', {
    guildId,
    channelId,
    userToken: seal.seal(userToken, 'second', 'user'),
    botToken: session === 'bot' ? seal.seal(botToken, 'second', 'bot') : null,
    session,
    concurrency: concurrency.second,
    speed: null,
    weight: 1,
    pacing: unpaced,
  });
}
