import { wait } from './wait.ts';

export interface RetryOptions {
  /** Whether another attempt may succeed after this error; after any, when left out. */
  retryable?(error: unknown): boolean;
  /** Called before each further attempt is waited for, to log why. The first attempt is 0. */
  onRetry(error: unknown, attempt: number): void;
  /** How long to wait after an attempt that failed, in milliseconds. */
  delayMs?(attempt: number): number;
  /** Ends the attempts when it is aborted. */
  signal: AbortSignal;
}

/** A quarter of a second, doubling to five seconds. */
export function growingDelay(attempt: number): number {
  return Math.min(250 * 2 ** attempt, 5_000);
}

/**
 * Runs something until it succeeds.
 * @throws what it threw, when that is not retryable; the signal's reason, once it is aborted.
 *
 * @example
 * const url = await retry(() => rest.gatewayUrl(), {
 *   onRetry: (err, attempt) => log.warn({ err, attempt }, 'cannot reach Discord, trying again'),
 *   signal,
 * });
 */
export async function retry<T>(
  run: () => Promise<T>,
  { retryable = () => true, onRetry, delayMs = growingDelay, signal }: RetryOptions,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (!retryable(error)) throw error;
      signal.throwIfAborted();
      onRetry(error, attempt);
      await wait(delayMs(attempt), signal);
    }
  }
}
