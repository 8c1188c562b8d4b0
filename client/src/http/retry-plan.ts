/** How often, and how soon, a request is retried. */
export interface RetryPlan {
  /** The maximum number of retries. */
  retries: number;
  /** The longest pause before a retry, in milliseconds. An answer that asks for a longer one is final. */
  longestDelayMs: number;
}

/** The outcome of an attempt: no answer, or one with this status. */
export type Outcome = 'lost' | { status: number; retryAfterMs: number | undefined };

const firstDelayMs = 500;

/**
 * Every request may be retried: requests that cost something carry an Idempotency-Key, and the others change nothing the
 * second time.
 * @param attempt 1 for the first
 * @param chance 0 to 1, so that clients refused at the same time do not return at the same time
 * @returns the milliseconds until the retry; undefined if the outcome is final
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
    // Without Retry-After, the balance is used up.
    case 429:
      return retryAfterMs;
    case 503:
      return retryAfterMs ?? growing;
    // A proxy in front of the service got no answer from it.
    case 502:
    case 504:
      return growing;
    default:
      return undefined;
  }
}

/** Parses a `Retry-After`, which is seconds or a date. @returns milliseconds */
export function readRetryAfter(header: string | null, now = Date.now()): number | undefined {
  if (!header) return undefined;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1_000;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
