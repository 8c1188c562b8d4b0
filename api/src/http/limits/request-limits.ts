import { inRounds } from '@midjourney-api/shared/concurrency/in-rounds';
import type { Config } from '@midjourney-api/shared/config/config';
import { requestLimitKey } from '@midjourney-api/shared/queues/keys';
import type { User } from '@midjourney-api/shared/users/users';
import type { Context } from 'hono';
import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRedis, RLWrapperTimeouts } from 'rate-limiter-flexible';
import { Refusal } from '../../commands/refusal.ts';
import type { AppEnv } from '../app-env.ts';
import { addressGroup, clientAddress } from './client-address.ts';

/** All limits are counted over a minute, which starts with the first request that is counted. */
const windowSeconds = 60;
/** A Redis that does not answer must not hold requests up: this process then counts for itself. */
const redisLimitMs = 250;
/** How many keys that worked are remembered; some 100 bytes each. */
const provenKeys = 10_000;

export interface RequestLimits {
  /**
   * Called before keys are looked up. An address that sent many wrong keys is refused without a look-up, so that
   * more guesses are useless. A key that worked in this process before is let through to the look-up: clients that
   * share an address with a guesser, or with a client that has an old key, keep working.
   * @returns those that may be looked up.
   * @throws {Refusal} 429 when none may.
   */
  beforeLookUp(c: Context<AppEnv>, keyHashes: string[]): Promise<string[]>;
  /** The key was unknown or its user disabled. @throws {Refusal} 429 when there were too many of them. */
  countFailure(c: Context<AppEnv>, keyHash: string): Promise<void>;
  /** Counts the request for its user and its address, and says in its headers what is left. @throws {Refusal} 429 */
  countRequest(c: Context<AppEnv>, authenticated?: { user: User; keyHash: string }): Promise<void>;
  /** Where the request came from, for the log. */
  addressOf(c: Context): string | undefined;
}

type LimitSettings = Pick<
  Config,
  | 'RATE_LIMIT_PER_KEY'
  | 'RATE_LIMIT_PER_ADDRESS'
  | 'AUTH_FAILURES_PER_ADDRESS'
  | 'TRUST_PROXY'
  | 'REDIS_PREFIX'
>;

/**
 * Limits how much one key and one address may ask for, over all api processes: the counts are in Redis.
 * While Redis is away each process counts for itself, and nothing is refused for Redis' sake.
 */
export function createRequestLimits({
  config,
  redis,
}: {
  config: LimitSettings;
  redis: Redis;
}): RequestLimits {
  const counter = (name: string, limit: number) => createCounter(redis, config.REDIS_PREFIX, name, limit);
  const perKey = counter('key', config.RATE_LIMIT_PER_KEY);
  const perAddress = counter('address', config.RATE_LIMIT_PER_ADDRESS);
  const failures = counter('failures', config.AUTH_FAILURES_PER_ADDRESS);
  /** Addresses that had too many failures. Kept here, so that no look-up has to ask Redis first. */
  const blocked = new RateLimiterMemory({ points: 1, duration: windowSeconds });
  const proven = new LRUCache<string, true>({ max: provenKeys });

  const addressOf = (c: Context) => clientAddress(c, config.TRUST_PROXY);
  const groupOf = (c: Context) => {
    const address = addressOf(c);
    return address === undefined ? undefined : addressGroup(address);
  };
  const refuseGuessing = (msLeft: number) =>
    tooMany('Too many wrong keys came from your address.', msLeft, ['failures']);

  return {
    addressOf,

    async beforeLookUp(c, keyHashes) {
      const group = groupOf(c);
      const provenOnes = keyHashes.filter((keyHash) => proven.has(keyHash));
      if (group === undefined || provenOnes.length === keyHashes.length) return keyHashes;
      const block = await blocked.get(group);
      if (!block) return keyHashes;
      if (provenOnes.length === 0) throw refuseGuessing(block.msBeforeNext);
      return provenOnes;
    },

    async countFailure(c, keyHash) {
      proven.delete(keyHash);
      const group = groupOf(c);
      if (group === undefined || !failures) return;
      const { used, msLeft } = await failures.count(group);
      if (used < failures.limit) return;
      await blocked.block(group, msLeft / 1_000);
      if (used > failures.limit) throw refuseGuessing(msLeft);
    },

    async countRequest(c, authenticated) {
      if (authenticated) proven.set(authenticated.keyHash, true);
      const group = groupOf(c);
      const counting = [
        ...(perKey && authenticated ? [perKey.count(String(authenticated.user.id))] : []),
        ...(perAddress && group !== undefined ? [perAddress.count(group)] : []),
      ];
      // Counted together: one round trip to Redis for each request.
      const counts = await Promise.all(counting);
      if (counts.length === 0) return;

      // https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
      c.header(
        'RateLimit-Policy',
        counts.map(({ name, limit }) => `"${name}";q=${limit};w=${windowSeconds}`).join(', '),
      );
      c.header(
        'RateLimit',
        counts
          .map(
            ({ name, limit, used, msLeft }) =>
              `"${name}";r=${Math.max(0, limit - used)};t=${seconds(msLeft)}`,
          )
          .join(', '),
      );
      const exceeded = counts.filter(({ used, limit }) => used > limit);
      if (exceeded.length === 0) return;
      const whose = exceeded.map(({ name }) => (name === 'key' ? 'with your key' : 'from your address'));
      throw tooMany(
        `Too many requests came ${whose.join(' and ')}: at most ${Math.min(...exceeded.map(({ limit }) => limit))} a minute are answered.`,
        Math.max(...exceeded.map(({ msLeft }) => msLeft)),
        exceeded.map(({ name }) => name),
      );
    },
  };
}

interface Count {
  name: string;
  limit: number;
  /** How many there were in this minute, this one included. */
  used: number;
  /** Until the minute is over. */
  msLeft: number;
}

interface Counter {
  limit: number;
  count(subject: string): Promise<Count>;
}

/** @returns undefined for the limit 0, which means none. */
function createCounter(redis: Redis, prefix: string, name: string, limit: number): Counter | undefined {
  if (limit === 0) return undefined;
  const window = { points: limit, duration: windowSeconds };
  const limiter = new RLWrapperTimeouts({
    limiter: new RateLimiterRedis({
      ...window,
      storeClient: redis,
      keyPrefix: requestLimitKey(prefix, name),
      rejectIfRedisNotReady: true,
      insuranceLimiter: new RateLimiterMemory(window),
    }),
    timeoutMs: redisLimitMs,
  });
  return {
    limit,
    // Requests of one key or address that come together are counted at once.
    count: inRounds(
      async (round: string[]) => {
        const [subject = ''] = round;
        const { consumedPoints, msBeforeNext: msLeft } = await limiter.penalty(subject, round.length);
        const before = consumedPoints - round.length;
        return round.map((_, at) => ({ name, limit, used: before + at + 1, msLeft }));
      },
      { laneOf: (subject) => subject },
    ),
  };
}

function tooMany(what: string, msLeft: number, policies: string[]): Refusal {
  const wait = seconds(msLeft);
  return new Refusal('rate_limited', `${what} Try again in ${wait} ${wait === 1 ? 'second' : 'seconds'}.`, {
    retryAfter: wait,
    members: { 'violated-policies': policies },
  });
}

/** Whole seconds, at least one: a client that comes back after them is not too early. */
function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}
