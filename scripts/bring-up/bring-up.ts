import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseConfig } from '@midjourney-api/shared/config/config';
import { migrateDatabase } from '@midjourney-api/shared/database/migrate';
import { Complaint, oneLine } from '../complaint.ts';
import { ensureDemoUsers } from '../demo-users.ts';
import { checkDiscordCredentials } from '../discord-credentials.ts';
import type { Fleet, Stage } from '../fleet.ts';
import { type LaunchOptions, launch, launchSharingPort, logFile, recordsDir } from '../launch.ts';
import type { RunningCopy } from '../run-file.ts';
import { screen } from '../screen.ts';
import { secretsKey } from '../secrets-key.ts';
import { followLog } from '../services/follow-log.ts';
import { endOrphanedServices, startLocalMySql, startLocalRedis } from '../services/local-services.ts';
import { logComplaint, logEnd, readLogLine } from '../services/log-file.ts';
import { installMissingServers } from '../services/programs.ts';
import { untilReady } from '../services/readiness.ts';
import { pingRedis } from '../services/redis.ts';
import { SecretsFile } from '../services/secrets-file.ts';
import { endOrphans, type ServerProcess } from '../services/server-process.ts';
import { describeTrouble, SupervisedProcess, type Trouble } from '../services/supervised-process.ts';
import { type SimulatedDiscord, simulatedDiscord } from '../simulated-discord.ts';
import type { StartSettings } from '../start-settings.ts';

const orphanGraceMs = 3000;
const readyTimeoutMs = 60_000;
/** A new database takes 150 MB; one that is there needs some air. */
const freshSpaceMb = 250;
const leastSpaceMb = 50;

export interface BringUpOptions {
  settings: StartSettings;
  env: NodeJS.ProcessEnv;
  /** Everything that was started is in here, also when it fails. */
  fleet: Fleet;
  /** Gives up. */
  signal: AbortSignal;
  /** The processes in the fleet changed. */
  onChange: () => void;
  /** A process died or warns. `started`: everything was up before that, so the rest goes on. */
  onTrouble: (line: string, about: { started: boolean }) => void;
}

/**
 * Starts everything on this machine, each thing as soon as what it needs is there.
 * @throws Complaint for what the user has to put right; whatever was started until then is in the fleet
 */
export async function bringUp(options: BringUpOptions): Promise<RunningCopy> {
  const { settings, signal } = options;
  const { dataDir } = settings;
  const secrets = new SecretsFile(path.join(dataDir, 'secrets.json'));
  requireSpace(dataDir);
  await requireFreePort(settings);
  await endOrphans(recordsDir(dataDir), orphanGraceMs);
  await endOrphanedServices(dataDir);
  installMissingServers({ mysql: !settings.database, redis: !settings.redisUrl }, screen.note);

  const starter = new Starter(options);
  const simulated = settings.discord
    ? undefined
    : await simulatedDiscord(secrets, { dataDir, drawMs: settings.simulatorDrawMs });
  const [db, redisUrl, gatewayUrl] = await allSettledOrThrow([
    provideDatabase(options, starter),
    provideRedis(options, starter),
    simulated && starter.startSimulator(simulated),
    settings.discord && checkDiscordCredentials(settings.discord, signal),
  ] as const);

  const webhookSecret = settings.webhookSecret ?? secrets.remember('webhookSecret', newWebhookSecret);
  const env: NodeJS.ProcessEnv = {
    ...options.env,
    DB_HOST: db.host,
    DB_PORT: String(db.port),
    DB_NAME: db.database,
    DB_USER: db.user,
    DB_PASSWORD: db.password,
    REDIS_URL: redisUrl,
    HOST: settings.host,
    PORT: String(settings.port),
    SECRETS_KEY: options.env.SECRETS_KEY || secretsKey(secrets),
    RESULT_WEBHOOK_SECRET: options.env.RESULT_WEBHOOK_SECRET || webhookSecret,
    RESULT_WEBHOOK_URL:
      options.env.RESULT_WEBHOOK_URL || `${settings.apiUrl}/v1/api/trigger/midjourney/result`,
    ...simulated?.clientEnv,
    // glibc gives what a decoded picture took back to the system at once.
    MALLOC_TRIM_THRESHOLD_: '131072',
  };
  const [users] = await allSettledOrThrow([
    settings.database ? undefined : unlessAborted(ensureDemoUsers(db, secrets), signal),
    ...numbered(settings.workers, (id) =>
      starter.start('worker', 'worker', { id: `worker-${id}`, entry: 'worker/src/main.ts', env }, launch),
    ),
    ...numbered(settings.apis, (id) =>
      starter.start('api', 'api', { id: `api-${id}`, entry: 'api/src/main.ts', env }, launchSharingPort),
    ),
  ] as const);
  await untilApiIsReady(settings.apiUrl, signal);
  starter.allStarted = true;
  watchReadiness(settings.apiUrl, signal, (warning) => starter.warn('api', warning));

  return {
    apiUrl: settings.apiUrl,
    ...users,
    webhookSecret,
    db,
    redisUrl,
    ...(simulated && gatewayUrl ? { simulator: { ...simulated.access, gatewayUrl } } : {}),
  };
}

/** Starts programs under supervision and tells what becomes of them. */
class Starter {
  allStarted = false;
  readonly #options: BringUpOptions;
  readonly #warnedAt = new Map<string, number>();

  constructor(options: BringUpOptions) {
    this.#options = options;
  }

  /** For the services, which supervise themselves. */
  get serviceOptions() {
    const { settings, signal, onChange } = this.#options;
    return {
      dataDir: settings.dataDir,
      signal,
      onChange,
      onTrouble: (trouble: Trouble) => this.#tell(trouble, ''),
    };
  }

  addService(server: SupervisedProcess): void {
    this.#options.fleet.add('services', server);
  }

  async start(
    stage: Stage,
    name: string,
    program: Omit<LaunchOptions, 'dataDir'>,
    launchProgram: (options: LaunchOptions) => Promise<ServerProcess>,
  ): Promise<void> {
    const { settings, fleet, signal, onChange } = this.#options;
    const options = { ...program, dataDir: settings.dataDir };
    const file = logFile(options);
    let logFrom = 0;
    const supervised = new SupervisedProcess({
      name,
      launch: () => {
        logFrom = logEnd(file);
        return launchProgram(options);
      },
      onChange,
      onTrouble: (trouble) => this.#tell(trouble, logComplaint(file, logFrom)),
    });
    fleet.add(stage, supervised);
    await supervised.start(signal);
    // What becomes of the Discord account is seen there only.
    if (stage === 'worker') followLog(file, (line) => this.#warn(name, line));
  }

  /** Resolves to the gateway's address, which the simulator tells like Discord does. */
  async startSimulator({ access, simulatorEnv }: SimulatedDiscord): Promise<string> {
    const env = { ...this.#options.env, ...simulatorEnv };
    const gateway = async () => {
      const response = await fetch(`${access.apiUrl}/v10/gateway`);
      if (!response.ok) throw new Error(`status ${response.status}`);
      const { url } = (await response.json()) as { url: string };
      return url;
    };
    await this.start(
      'simulator',
      'simulator',
      { id: 'simulator', entry: 'simulator/src/main.ts', env },
      async (program) => {
        const file = logFile(program);
        const logFrom = logEnd(file);
        const process = await launch(program);
        const connect = async () => void (await gateway());
        return {
          ...process,
          ready: untilReady({ name: 'the simulator', process, connect, logFile: file, logFrom }),
        };
      },
    );
    return gateway();
  }

  /** A warning that comes again is the same trouble: it is told once a minute. */
  #warn(name: string, line: string): void {
    const { text, severity } = readLogLine(line);
    if (severity !== 'information') this.warn(name, text);
  }

  warn(name: string, text: string): void {
    if (Date.now() - (this.#warnedAt.get(text) ?? 0) < 60_000) return;
    this.#warnedAt.set(text, Date.now());
    this.#options.onTrouble(`${name}: ${text}`, { started: true });
  }

  #tell(trouble: Trouble, complaint: string): void {
    const started = this.allStarted;
    const line = started || complaint === '' ? describeTrouble(trouble) : `${trouble.what}: ${complaint}`;
    this.#options.onTrouble(line, { started });
  }
}

async function provideDatabase(
  { settings, signal }: BringUpOptions,
  starter: Starter,
): Promise<DatabaseConfig> {
  if (settings.database === undefined) {
    const { access, server } = await startLocalMySql(starter.serviceOptions);
    starter.addService(server);
    await unlessAborted(migrateDatabase(access), signal);
    screen.step(`MySQL, private, in ${settings.dataDir}`);
    return access;
  }
  const { host, port, user, password, database } = settings.database;
  try {
    await unlessAborted(migrateDatabase(settings.database), signal);
  } catch (error) {
    throw new Complaint(`MySQL at ${host}:${port}: ${oneLine(error)}`);
  }
  screen.step(`MySQL at ${host}:${port}`);
  return { host, port, user, password, database };
}

async function provideRedis({ settings, signal }: BringUpOptions, starter: Starter): Promise<string> {
  if (settings.redisUrl === undefined) {
    const { url, server } = await startLocalRedis(starter.serviceOptions);
    starter.addService(server);
    screen.step(`Redis, private, in ${settings.dataDir}`);
    return url;
  }
  const { host } = new URL(settings.redisUrl);
  try {
    await unlessAborted(pingRedis(settings.redisUrl), signal);
  } catch (error) {
    throw new Complaint(`Redis at ${host}: ${oneLine(error)}`);
  }
  screen.step(`Redis at ${host}`);
  return settings.redisUrl;
}

async function requireFreePort({ port, host }: StartSettings): Promise<void> {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new Complaint(
        `Port ${port} is taken: stop what uses it, or choose another one with PORT=${port + 1} npm start`,
      );
    }
    throw new Complaint(`The api cannot listen on ${host}:${port}: ${oneLine(error)}`);
  }
  server.close();
  await once(server, 'close');
}

/** A database that finds the disk full waits for space instead of saying so. */
function requireSpace(dataDir: string): void {
  const { bavail, bsize } = statfsSync(dataDir);
  const freeMb = Math.floor((bavail * bsize) / 1_000_000);
  const neededMb = existsSync(path.join(dataDir, 'mysql')) ? leastSpaceMb : freshSpaceMb;
  if (freeMb < neededMb) {
    throw new Complaint(
      `The disk is full: ${freeMb} MB are free for ${dataDir}, ${neededMb} MB are needed; make room, or set DATA_DIR to a folder elsewhere`,
    );
  }
}

async function untilApiIsReady(apiUrl: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  for (;;) {
    const problem = await fetch(`${apiUrl}/readyz`, { signal }).then(
      async (response) => (response.ok ? undefined : await response.text()),
      oneLine,
    );
    signal.throwIfAborted();
    if (problem === undefined) return;
    if (Date.now() > deadline)
      throw new Complaint(`The api was not ready after ${readyTimeoutMs / 1000} s: ${problem}`);
    await delay(100, undefined, { signal });
  }
}

const watchEveryMs = 10_000;

/** Passes on what a running api warns of: with a full disk, no log tells it. */
function watchReadiness(apiUrl: string, signal: AbortSignal, onWarning: (warning: string) => void): void {
  const look = async () => {
    const response = await fetch(`${apiUrl}/readyz`, { signal: AbortSignal.timeout(watchEveryMs) });
    const { warnings = [] } = (await response.json()) as { warnings?: string[] };
    for (const warning of warnings) onWarning(warning);
  };
  // What is down is told by those who notice it.
  const timer = setInterval(() => look().catch(() => {}), watchEveryMs);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

/** Waits for all, so that nothing is still starting when a failure is reported. */
async function allSettledOrThrow<T extends readonly unknown[]>(
  tasks: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(tasks);
  return Promise.all(tasks);
}

function unlessAborted<T>(task: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([task, aborted]);
}

function numbered<T>(count: number, make: (number: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index + 1));
}

/** In the form of the Standard Webhooks specification. */
function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
