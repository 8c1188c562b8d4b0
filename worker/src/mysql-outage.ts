import { isDatabaseUnreachable } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import { retry } from './retry.ts';

/**
 * Repeats a query while MySQL cannot be reached, so that no change is lost in an outage.
 * @throws MySQL's own errors, and when aborted.
 */
export function untilMySqlIsBack<T>(query: () => Promise<T>, signal: AbortSignal, log: Logger): Promise<T> {
  return retry(query, {
    retryable: isDatabaseUnreachable,
    onRetry: (err, attempt) => log.warn({ err, attempt }, 'MySQL is away, waiting for it'),
    signal,
  });
}
