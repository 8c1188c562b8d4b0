import { ConfigError, type DatabaseConfig, databaseConfig, loadConfig } from '@midjourney-api/shared/config';
import { Complaint } from './complaint.ts';
import { dataDirectory } from './environment.ts';

/** What `npm start` was asked for by the environment. */
export interface StartSettings {
  dataDir: string;
  port: number;
  host: string;
  /** Where the api is reached from this machine. */
  apiUrl: string;
  workers: number;
  apis: number;
  /** A MySQL that is there already; undefined: a private one. */
  database: DatabaseConfig | undefined;
  /** A Redis that is there already; undefined: a private one. */
  redisUrl: string | undefined;
  /** No Discord account is configured: the simulator stands in. */
  simulated: boolean;
  /** undefined: one is made and kept. */
  webhookSecret: string | undefined;
  /** Drawing time of the simulator, in milliseconds. */
  simulatorDrawMs: number;
}

const DATABASE_VARIABLES = ['DB_HOST', 'DB_PORT', 'DB_NAME', 'DB_USER', 'DB_PASSWORD'];
const DISCORD_VARIABLES = [
  'DISCORD_USER_TOKEN',
  'DISCORD_BOT_TOKEN',
  'DISCORD_GUILD_ID',
  'DISCORD_CHANNEL_ID',
];

/** @throws Complaint that names each variable that is wrong */
export function readStartSettings(env: NodeJS.ProcessEnv): StartSettings {
  const config = loadConfigOrComplain(env);
  const host = config.HOST === '0.0.0.0' || config.HOST === '::' ? '127.0.0.1' : config.HOST;
  return {
    dataDir: dataDirectory(env),
    port: config.PORT,
    host: config.HOST,
    apiUrl: `http://${host.includes(':') ? `[${host}]` : host}:${config.PORT}`,
    workers: wholeNumber(env, 'WORKERS', 1, 1, 64),
    apis: wholeNumber(env, 'APIS', 1, 1, 64),
    database: DATABASE_VARIABLES.some((name) => env[name]) ? databaseConfig(config) : undefined,
    redisUrl: env.REDIS_URL ? config.REDIS_URL : undefined,
    simulated: !isDiscordConfigured(env),
    webhookSecret: config.RESULT_WEBHOOK_SECRET?.[0],
    simulatorDrawMs: wholeNumber(env, 'SIM_DRAW_MS', 6000, 0, 600_000),
  };
}

function loadConfigOrComplain(env: NodeJS.ProcessEnv) {
  try {
    return loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) throw new Complaint(error.message);
    throw error;
  }
}

function wholeNumber(
  env: NodeJS.ProcessEnv,
  name: string,
  byDefault: number,
  least: number,
  most: number,
): number {
  const text = env[name];
  if (!text) return byDefault;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Complaint(`${name}: must be a whole number from ${least} to ${most}`);
  }
  return value;
}

function isDiscordConfigured(env: NodeJS.ProcessEnv): boolean {
  const missing = DISCORD_VARIABLES.filter((name) => !env[name]);
  if (missing.length === 0) return true;
  if (missing.length === DISCORD_VARIABLES.length) return false;
  throw new Complaint(
    `${missing.join(', ')} not set: a Discord account needs ${DISCORD_VARIABLES.join(', ')}; without any of them the simulator is used`,
  );
}
