import {
  type Config,
  ConfigError,
  type DatabaseConfig,
  databaseConfig,
  loadConfig,
} from '@midjourney-api/shared/config/config';
import { doubtfulLinks, doubtfulSettings } from '@midjourney-api/shared/config/doubtful-settings';
import { z } from 'zod';
import { Complaint } from './complaint.ts';
import type { DiscordCredentials } from './discord-credentials.ts';
import { dataDirectory } from './environment.ts';

/** The settings of `npm start`, from the environment. */
export interface StartSettings {
  dataDir: string;
  port: number;
  host: string;
  /** The address of the api on this machine. */
  apiUrl: string;
  workers: number;
  apis: number;
  /** An existing MySQL; undefined: a private one. */
  database: DatabaseConfig | undefined;
  /** An existing Redis; undefined: a private one. */
  redisUrl: string | undefined;
  /** undefined: no Discord account is configured, so the simulator draws. */
  discord: DiscordCredentials | undefined;
  /** undefined: one is created and kept. */
  webhookSecret: string | undefined;
  /** Sentences about settings that look like mistakes. */
  doubts: string[];
  /** Drawing time of the simulator, in milliseconds. */
  simulatorDrawMs: number;
}

const wholeNumber = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number({ message }).int(message).min(least, message).max(most, message);
};

/** Variables that only `npm start` reads; the rest are those of the api and the worker. */
export const launchSchema = z.object({
  WORKERS: wholeNumber(1, 64).default(1).describe('worker processes that `npm start` runs'),
  APIS: wholeNumber(1, 64).default(1).describe('api processes that `npm start` runs behind the one PORT'),
  SIM_DRAW_MS: wholeNumber(0, 600_000)
    .default(6_000)
    .describe('how long the simulator draws, in milliseconds'),
});

const databaseVariables = ['DB_HOST', 'DB_PORT', 'DB_NAME', 'DB_USER', 'DB_PASSWORD'];
const discordVariables = [
  'DISCORD_USER_TOKEN',
  'DISCORD_BOT_TOKEN',
  'DISCORD_GUILD_ID',
  'DISCORD_CHANNEL_ID',
];

/** @throws Complaint that names each variable that is wrong */
export function readStartSettings(env: NodeJS.ProcessEnv): StartSettings {
  const config = loadConfigOrComplain(env);
  const launch = launchOrComplain(env);
  const listenOn = listenAddress(env);
  const host = listenOn === '0.0.0.0' || listenOn === '::' ? '127.0.0.1' : listenOn;
  return {
    dataDir: dataDirectory(env),
    port: config.PORT,
    host: listenOn,
    apiUrl: `http://${host.includes(':') ? `[${host}]` : host}:${config.PORT}`,
    workers: launch.WORKERS,
    apis: launch.APIS,
    database: databaseVariables.some((name) => env[name]) ? databaseConfig(config) : undefined,
    redisUrl: env.REDIS_URL ? config.REDIS_URL : undefined,
    discord: discordCredentials(env, config),
    webhookSecret: config.RESULT_WEBHOOK_SECRET?.[0],
    doubts: [...doubtfulSettings(env), ...doubtfulLinks({ ...config, HOST: listenOn })],
    simulatorDrawMs: launch.SIM_DRAW_MS,
  };
}

/** The default of `npm start`. It creates its own keys, so other machines may reach it only if somebody says so. */
export function listenAddress(env: NodeJS.ProcessEnv): string {
  return env.HOST || '127.0.0.1';
}

function loadConfigOrComplain(env: NodeJS.ProcessEnv) {
  try {
    return loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) throw new Complaint(error.message);
    throw error;
  }
}

function launchOrComplain(env: NodeJS.ProcessEnv) {
  const parsed = launchSchema.safeParse(withoutEmpty(env));
  if (parsed.success) return parsed.data;
  throw new Complaint(
    parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  );
}

function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

function discordCredentials(env: NodeJS.ProcessEnv, config: Config): DiscordCredentials | undefined {
  if (discordVariables.every((name) => !env[name])) return undefined;
  const needed = discordVariables.filter(
    (name) => name !== 'DISCORD_BOT_TOKEN' || config.DISCORD_SESSION === 'bot',
  );
  const missing = needed.filter((name) => !env[name]);
  const { DISCORD_API_URL: apiUrl, DISCORD_USER_TOKEN: userToken, DISCORD_BOT_TOKEN: botToken } = config;
  if (missing.length === 0 && userToken) return { apiUrl, userToken, botToken };
  throw new Complaint(
    `${missing.join(', ')} not set: a Discord account needs ${needed.join(', ')}; without any of them the simulator is used`,
  );
}
