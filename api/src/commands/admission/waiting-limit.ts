import { cached } from '@midjourney-api/shared/concurrency/cached';
import type { Queues } from '@midjourney-api/shared/queues/queues';
import { withTimeLimit } from '../../time-limit.ts';

export interface WaitingLimit {
  /** Whether as many tasks wait as may wait. False while Redis is unreachable: tasks are safe in MySQL. */
  isReached(): Promise<boolean>;
}

/** Counts the waiting jobs at most once a second, however many requests ask. */
export function createWaitingLimit(
  drawings: Pick<Queues['drawings'], 'getJobCounts'>[],
  limit: number,
  now: () => number = Date.now,
): WaitingLimit {
  const countWaiting = async () => {
    const counts = await withTimeLimit(
      Promise.all(drawings.map((queue) => queue.getJobCounts('waiting', 'prioritized', 'delayed'))),
      1_000,
    ).catch(() => []);
    return counts.reduce(
      (sum, { waiting = 0, prioritized = 0, delayed = 0 }) => sum + waiting + prioritized + delayed,
      0,
    );
  };
  const count = cached(countWaiting, { ms: 1_000, now });
  return { isReached: async () => (await count('all')) >= limit };
}
