import { isDatabaseUnreachable } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import { growingDelay, wait } from './wait.ts';

/**
 * Repeats a query while MySQL cannot be reached: what MySQL has to know next must not be lost because it is
 * away. @throws when aborted, and what MySQL itself answers.
 */
export async function untilMySqlIsBack<T>(
  query: () => Promise<T>,
  signal: AbortSignal,
  log: Logger,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await query();
    } catch (err) {
      if (!isDatabaseUnreachable(err)) throw err;
      log.warn({ err, attempt }, 'MySQL is away, waiting for it');
      await wait(growingDelay(attempt), signal);
    }
  }
}
