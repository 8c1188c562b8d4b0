/** How often, and how soon, a request is repeated. */
export interface RetryPlan {
  /** How often at most. */
  retries: number;
  /** The longest pause before a repetition, in milliseconds. An answer that asks for a longer one is final. */
  longestDelayMs: number;
}

/** What came of an attempt: no answer, or one with this status. */
export type Outcome = 'lost' | { status: number; retryAfterMs: number | undefined };

const firstDelayMs = 500;

/**
 * Every request may be repeated: what costs something is sent with an Idempotency-Key, and what has none changes
 * nothing the second time.
 * @param attempt 1 for the first
 * @param chance 0 to 1: clients that were refused together do not come back together
 * @returns the milliseconds until the request is to be repeated; undefined when the outcome is final
 */
export function delayAfter(
  outcome: Outcome,
  attempt: number,
  { retries, longestDelayMs }: RetryPlan,
  chance = Math.random(),
): number | undefined {
  if (attempt > retries) return undefined;
  const growing = Math.min(firstDelayMs * 2 ** (attempt - 1), longestDelayMs) * (0.5 + chance / 2);
  if (outcome === 'lost') return growing;
  const { status, retryAfterMs } = outcome;
  if (retryAfterMs !== undefined && retryAfterMs > longestDelayMs) return undefined;
  switch (status) {
    // Without a time to come back, it is the balance that is used up.
    case 429:
      return retryAfterMs;
    case 503:
      return retryAfterMs ?? growing;
    // A proxy in front had no answer of the service's.
    case 502:
    case 504:
      return growing;
    default:
      return undefined;
  }
}

/** @returns the milliseconds that a `Retry-After` asks for, which has seconds or a date */
export function readRetryAfter(header: string | null, now = Date.now()): number | undefined {
  if (!header) return undefined;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1_000;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
