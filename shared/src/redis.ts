import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from './logging/logger.ts';

/** Commands wait while Redis is down, as BullMQ's workers and subscribers need. */
const waiting = { enableOfflineQueue: true, maxRetriesPerRequest: null } satisfies RedisOptions;
/** Commands fail at once while Redis is down, so that a request can be answered. */
const answering = { enableOfflineQueue: false, maxRetriesPerRequest: 1 } satisfies RedisOptions;

/**
 * Connects to Redis and keeps reconnecting while it is down, at most every second.
 * @param waiting whether commands wait until it is back; otherwise they fail at once
 */
export function connectRedis(url: string, log: Logger, options: { waiting?: boolean } = {}): Redis {
  const redis = new Redis(url, {
    ...(options.waiting ? waiting : answering),
    connectTimeout: 5_000,
    retryStrategy: (attempt) => Math.min(50 * attempt, 1_000),
  });
  let away = false;
  redis.on('error', (err: Error) => {
    if (!away) log.warn({ err }, 'redis is away, reconnecting');
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.info('redis is back');
    away = false;
  });
  return redis;
}

/** Another connection to the same Redis, whose commands wait while it is down. The caller must disconnect it. */
export function waitingConnection(redis: Redis): Redis {
  const connection = redis.duplicate(waiting);
  // The process's first connection reports that Redis is down.
  connection.on('error', () => {});
  return connection;
}
