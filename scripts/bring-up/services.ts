import type { DatabaseConfig } from '@midjourney-api/shared/config/config';
import { migrateDatabase } from '@midjourney-api/shared/database/migrate';
import { Complaint, oneLine } from '../complaint.ts';
import { screen } from '../screen.ts';
import { startLocalMySql, startLocalRedis } from '../services/local-services.ts';
import { pingRedis } from '../services/redis.ts';
import type { BringUpOptions } from './options.ts';
import type { Starter } from './starter.ts';
import { unlessAborted } from './waiting.ts';

/** Starts a private MySQL, unless the settings name one, and migrates it. */
export async function provideDatabase(
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

/** Starts a private Redis, unless the settings name one. */
export async function provideRedis({ settings, signal }: BringUpOptions, starter: Starter): Promise<string> {
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
