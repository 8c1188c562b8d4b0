import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { unpaced } from '@midjourney-api/shared/accounts/account.fixture';
import { addAccount, environmentAccount } from '@midjourney-api/shared/accounts/accounts';
import { createTokenSeal } from '@midjourney-api/shared/accounts/sealed-token';
import { connectDatabase, type DatabaseConnection } from '@midjourney-api/shared/database/connect';
import { migrateDatabase } from '@midjourney-api/shared/database/migrate';
import { createUser } from '@midjourney-api/shared/users/users';
import { type Simulator, startSimulator } from '@midjourney-api/simulator/simulator';
import { inject } from 'vitest';
import { freePort } from '../../scripts/services/free-port.ts';
import { type LocalServices, startLocalServices } from '../../scripts/services/local-services.ts';
import { createMigratedDatabase, type TestDatabase, testPrefix } from '../database.ts';
import { programArguments } from '../program.ts';
import { Client } from './client.ts';

/**
 * The whole system as processes of its own: api and worker as they are deployed, on a database of its own,
 * against the simulator over real sockets.
 */
export interface System {
  apiUrl: string;
  simulator: Simulator;
  db: DatabaseConnection['db'];
  webhookSecret: string;
  redisUrl: string;
  redisPrefix: string;
  /** The folder of the processes' data. */
  dataDir: string;
  /** Everything that the processes wrote. */
  output(): string;
  /** A new user with a client that uses their key. */
  newUser(tokens?: number, role?: 'user' | 'operator'): Promise<Client>;
  /** Settles when the process is ready: an api listens, a worker has the account, a standby waits for it. */
  start(name: 'api' | 'worker' | 'standby', env?: Record<string, string>): Promise<SystemProcess>;
  /** Runs `npm run accounts --` as an operator does. @returns what it printed. */
  accounts(...args: string[]): Promise<string>;
  /** The same, with an answer to what it asks for. */
  accountsAnswering(answer: string, ...args: string[]): Promise<string>;
  /** Runs another command of the shell, also with other variables. @returns what it printed, and how it ended. */
  command(
    script: 'doctor' | 'record',
    args?: string[],
    env?: Record<string, string>,
  ): Promise<{ stdout: string; stderr: string; status: number | null }>;
  /** The first api and worker. */
  api: SystemProcess;
  worker: SystemProcess;
  /** MySQL and Redis of this system alone, when it was asked for them. */
  services: LocalServices | undefined;
  stop(): Promise<void>;
}

interface SystemProcess {
  pid: number;
  /** Settles when the process has ended. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Freezes it, and lets it continue. */
  pause(): void;
  resume(): void;
}

export interface SystemOptions {
  drawMs?: number;
  imageSize?: number;
  concurrency?: number;
  env?: Record<string, string>;
  linkLifetimeMs?: number;
  /** Where the simulator listens, and how it calls itself. */
  simulator?: { port: number; publicUrl: string };
  /** Address of a proxy, through which the account has to go. */
  proxy?: string;
  /** MySQL and Redis of its own, to take away from it. */
  ownServices?: boolean;
  /** Migrated, with what is found in it. Otherwise one that is new. */
  database?: TestDatabase;
}

const readyLine = { api: 'api is listening', worker: '"state":"ready"', standby: 'worker started' };

export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const services = options.ownServices ? await startOwnServices() : undefined;
  const { drop, ...access } = services
    ? { ...services.db, drop: services.stop }
    : (options.database ?? (await createMigratedDatabase()));
  if (services) await migrateDatabase(access);
  const database = connectDatabase(access);
  // The worker gives it its channel.
  const secretsKey = randomBytes(32);
  const proxy = options.proxy ?? null;
  await addAccount(database.db, environmentAccount, {
    pacing: unpaced,
    proxy: proxy && createTokenSeal(secretsKey).seal(proxy, environmentAccount, 'proxy'),
  });
  const concurrency = options.concurrency ?? 3;
  const simulator = await startSimulator({
    drawMs: options.drawMs ?? 60,
    imageSize: options.imageSize ?? 256,
    ...options.simulator,
    ...(options.linkLifetimeMs && { linkLifetimeMs: options.linkLifetimeMs }),
  });
  const [account] = simulator.accounts;
  if (!account) throw new Error('The simulator has no account.');
  const dataDir = mkdtempSync(path.join(tmpdir(), 'midjourney-api-data-'));
  const port = await freePort();
  const apiUrl = `http://127.0.0.1:${port}`;
  const webhookSecret = `whsec_${randomBytes(32).toString('base64')}`;
  const redisUrl = services?.redisUrl ?? inject('services').redisUrl;
  const redisPrefix = testPrefix();
  const env = {
    PATH: process.env.PATH ?? '',
    DB_HOST: access.host,
    DB_PORT: String(access.port),
    DB_USER: access.user,
    DB_PASSWORD: access.password,
    DB_NAME: access.database,
    REDIS_URL: redisUrl,
    REDIS_PREFIX: redisPrefix,
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: dataDir,
    PUBLIC_URL: apiUrl,
    RESULT_WEBHOOK_SECRET: webhookSecret,
    RESULT_WEBHOOK_URL: `${apiUrl}/v1/api/trigger/midjourney/result`,
    DISCORD_API_URL: simulator.apiUrl,
    DISCORDSAYS_URL: simulator.discordSaysUrl,
    DISCORD_USER_TOKEN: account.userToken,
    DISCORD_BOT_TOKEN: account.botToken,
    DISCORD_GUILD_ID: account.guildId,
    DISCORD_CHANNEL_ID: account.channelId,
    DISCORD_CONCURRENCY: String(concurrency),
    ALLOW_PRIVATE_DOWNLOADS: '1',
    ...(proxy && { SECRETS_KEY: secretsKey.toString('base64') }),
    ...options.env,
  };

  const running = new Set<ChildProcess>();
  const written: string[] = [];
  const start: System['start'] = async (name, more = {}) => {
    const program = programArguments(name === 'api' ? 'api/src/main' : 'worker/src/main');
    const child = spawn(process.execPath, program, {
      env: { ...env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    await untilLine(child, name, readyLine[name], written);
    return {
      pid: child.pid ?? 0,
      kill: (signal) => kill(child, signal),
      pause: () => void child.kill('SIGSTOP'),
      resume: () => void child.kill('SIGCONT'),
    };
  };

  const runAccounts = async (answer: string, args: string[]) => {
    const command = [...programArguments('scripts/accounts'), ...args];
    // A folder that is not there: the copy that `npm start` runs is another one.
    const own = { env: { ...env, DATA_DIR: path.join(tmpdir(), redisPrefix) } };
    const running = promisify(execFile)(process.execPath, command, own);
    running.child.stdin?.end(answer);
    return (await running).stdout;
  };

  const runCommand: System['command'] = async (script, args = [], more = {}) => {
    const command = [...programArguments(`scripts/${script}`), ...args];
    const child = spawn(process.execPath, command, {
      env: { ...env, DATA_DIR: path.join(tmpdir(), redisPrefix), ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    running.delete(child);
    return { stdout, stderr, status: child.exitCode };
  };

  const [api, worker] = await Promise.all([start('api'), start('worker')]);
  return {
    api,
    worker,
    services,
    apiUrl,
    simulator,
    db: database.db,
    webhookSecret,
    redisUrl,
    redisPrefix,
    dataDir,
    output: () => written.join('\n'),
    start,
    accounts: (...args) => runAccounts('', args),
    command: runCommand,
    accountsAnswering: (answer, ...args) => runAccounts(answer, args),
    newUser: async (tokens = 100, role = 'user') => {
      const userName = `user-${randomBytes(4).toString('hex')}`;
      const { appKey } = await createUser(database.db, { userName, tokenTotal: tokens, role });
      return new Client(apiUrl, appKey);
    },
    stop: async () => {
      await Promise.all([...running].map((child) => kill(child, 'SIGTERM')));
      await simulator.close();
      await database.close();
      await drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Waits until the process says that it is ready. @throws with what it wrote, when it ends instead. */
async function untilLine(
  child: ChildProcess,
  name: string,
  wanted: string,
  written: string[],
): Promise<void> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('The process was started without pipes.');
  await new Promise<void>((resolve, reject) => {
    const listen = (line: string) => {
      written.push(line);
      if (line.includes(wanted)) resolve();
    };
    createInterface({ input: stdout }).on('line', listen);
    createInterface({ input: stderr }).on('line', listen);
    child.once('exit', (code) =>
      reject(new Error(`${name} ended with ${code}:\n${written.slice(-20).join('\n')}`)),
    );
  });
}

async function startOwnServices(): Promise<LocalServices> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'midjourney-api-system-'));
  const services = await startLocalServices({ dataDir });
  return {
    ...services,
    stop: async () => {
      await services.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  // A stopped process hears nothing but SIGKILL.
  if (signal !== 'SIGKILL') child.kill('SIGCONT');
  await exited;
}
