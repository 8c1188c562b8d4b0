import type { AccountSpec } from './accounts.ts';
import type { SimulatorOptions } from './options.ts';

type Environment = Record<string, string | undefined>;

/** The simulator's options from `SIM_*` variables. Throws with the variable's name when one is wrong. */
export function readSettings(env: Environment): SimulatorOptions {
  const publicUrl = text(env, 'SIM_PUBLIC_URL');
  if (publicUrl !== undefined && !/^https?:\/\/[^/]+$/.test(publicUrl)) {
    throw new Error('SIM_PUBLIC_URL must be like http://simulator:8085, without a path');
  }
  return {
    host: text(env, 'SIM_HOST'),
    port: integer(env, 'SIM_PORT', 0, 65_535),
    controlPort: integer(env, 'SIM_CONTROL_PORT', 0, 65_535),
    publicUrl,
    drawMs: integer(env, 'SIM_DRAW_MS', 0, 3_600_000),
    imageSize: integer(env, 'SIM_IMAGE_SIZE', 16, 2048),
    lazyPictures: text(env, 'SIM_LAZY_PICTURES') === '1',
    onePicture: text(env, 'SIM_ONE_PICTURE') === '1',
    dataDir: text(env, 'SIM_DATA_DIR'),
    botDelayMs: integer(env, 'SIM_BOT_DELAY_MS', 0, 60_000) ?? 100,
    frameLifetimeMs: integer(env, 'SIM_FRAME_LIFETIME_MS', 0, 3_600_000),
    linkLifetimeMs: integer(env, 'SIM_LINK_LIFETIME_MS', 0, Number.MAX_SAFE_INTEGER),
    accounts: accountsFrom(env),
  };
}

function accountsFrom(env: Environment): AccountSpec[] | undefined {
  const spec: AccountSpec = {
    userToken: text(env, 'SIM_USER_TOKEN'),
    botToken: text(env, 'SIM_BOT_TOKEN'),
    guildId: snowflake(env, 'SIM_GUILD_ID'),
    channelId: snowflake(env, 'SIM_CHANNEL_ID'),
    concurrency: integer(env, 'SIM_CONCURRENCY', 1, 1000),
  };
  return Object.values(spec).some((value) => value !== undefined) ? [spec] : undefined;
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
