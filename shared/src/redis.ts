import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from './logging/logger.ts';

/**
 * Connects to Redis and keeps reconnecting while it is away, at most every second.
 * While it is away commands fail at once, so that a request can be answered; `waiting` makes them wait
 * instead, which is what BullMQ's workers need.
 */
export function connectRedis(url: string, log: Logger, { waiting = false } = {}): Redis {
  const options: RedisOptions = {
    enableOfflineQueue: waiting,
    maxRetriesPerRequest: waiting ? null : 1,
    connectTimeout: 5_000,
    retryStrategy: (attempt) => Math.min(50 * attempt, 1_000),
  };
  const redis = new Redis(url, options);
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
