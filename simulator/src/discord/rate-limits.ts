import { createHash } from 'node:crypto';

interface Window {
  startedAt: number;
  used: number;
}

export interface Allowance {
  allowed: boolean;
  /** Seconds until the next request is allowed. */
  retryAfter: number;
  headers: Record<string, string>;
}

/** Requests per window. More generous than Discord's own, so that tests rarely hit them. */
const limits: Record<string, number> = { 'POST /interactions': 200 };
const defaultLimit = 100;
const windowMs = 1_000;
const maxWindows = 10_000;

/** Discord's rate limits by token, route and channel or guild, with the headers that announce them. */
export class RateLimits {
  readonly #windows = new Map<string, Window>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** `route` is the pattern, `major` the channel or guild in the path. */
  take(token: string, route: string, major: string): Allowance {
    const now = this.#now();
    const limit = limits[route] ?? defaultLimit;
    const window = this.#windowFor(`${token} ${route} ${major}`, now);
    window.used += 1;
    const resetAt = window.startedAt + windowMs;
    const retryAfter = Math.max(0, resetAt - now) / 1000;
    return {
      allowed: window.used <= limit,
      retryAfter,
      headers: {
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(Math.max(0, limit - window.used)),
        'x-ratelimit-reset': (resetAt / 1000).toFixed(3),
        'x-ratelimit-reset-after': retryAfter.toFixed(3),
        'x-ratelimit-bucket': bucketOf(route),
      },
    };
  }

  #windowFor(key: string, now: number): Window {
    const known = this.#windows.get(key);
    if (known && now - known.startedAt < windowMs) return known;
    if (!known && this.#windows.size >= maxWindows) this.#windows.clear();
    const made = { startedAt: now, used: 0 };
    this.#windows.set(key, made);
    return made;
  }
}

const buckets = new Map<string, string>();

function bucketOf(route: string): string {
  const known = buckets.get(route);
  if (known) return known;
  const made = createHash('md5').update(route).digest('hex');
  buckets.set(route, made);
  return made;
}
