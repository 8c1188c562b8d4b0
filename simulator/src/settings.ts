import type { AccountSpec } from './accounts.ts';
import type { SimulatorOptions } from './simulator.ts';

type Environment = Record<string, string | undefined>;

/** The simulator's options from `SIM_*` variables. Throws with the variable's name when one is wrong. */
export function readSettings(env: Environment): SimulatorOptions {
  const host = text(env, 'SIM_HOST');
  const publicUrl = text(env, 'SIM_PUBLIC_URL');
  const dataDir = text(env, 'SIM_DATA_DIR');
  if (publicUrl !== undefined && !/^https?:\/\/[^/]+$/.test(publicUrl)) {
    throw new Error('SIM_PUBLIC_URL must be like http://simulator:8085, without a path');
  }
  return {
    ...(host === undefined ? {} : { host }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(dataDir === undefined ? {} : { dataDir }),
    ...named('port', integer(env, 'SIM_PORT', 0, 65_535)),
    ...named('controlPort', integer(env, 'SIM_CONTROL_PORT', 0, 65_535)),
    ...named('drawMs', integer(env, 'SIM_DRAW_MS', 0, 3_600_000)),
    ...named('imageSize', integer(env, 'SIM_IMAGE_SIZE', 16, 2048)),
    ...(text(env, 'SIM_LAZY_PICTURES') === '1' ? { lazyPictures: true } : {}),
    ...named('linkLifetimeMs', integer(env, 'SIM_LINK_LIFETIME_MS', 0, Number.MAX_SAFE_INTEGER)),
    ...accountFrom(env),
  };
}

function accountFrom(env: Environment): { accounts?: AccountSpec[] } {
  const userToken = text(env, 'SIM_USER_TOKEN');
  const botToken = text(env, 'SIM_BOT_TOKEN');
  const guildId = snowflake(env, 'SIM_GUILD_ID');
  const channelId = snowflake(env, 'SIM_CHANNEL_ID');
  const spec: AccountSpec = {
    ...(userToken === undefined ? {} : { userToken }),
    ...(botToken === undefined ? {} : { botToken }),
    ...(guildId === undefined ? {} : { guildId }),
    ...(channelId === undefined ? {} : { channelId }),
    ...named('concurrency', integer(env, 'SIM_CONCURRENCY', 1, 1000)),
  };
  return Object.keys(spec).length === 0 ? {} : { accounts: [spec] };
}

function text(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

function snowflake(env: Environment, name: string): string | undefined {
  const value = text(env, name);
  if (value !== undefined && !/^\d{5,20}$/.test(value))
    throw new Error(`${name} must be a Discord id, not "${value}"`);
  return value;
}

function integer(env: Environment, name: string, min: number, max: number): number | undefined {
  const value = text(env, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isInteger(number) || number < min || number > max) {
    throw new Error(`${name} must be a whole number from ${min} to ${max}, not "${value}"`);
  }
  return number;
}

function named<K extends string>(key: K, value: number | undefined): { [key in K]?: number } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]?: number });
}
