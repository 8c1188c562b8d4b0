import type { Queues } from '@midjourney-api/shared/queues/queues';
import { withTimeLimit } from '../../time-limit.ts';

export interface WaitingLimit {
  /** Whether as many tasks wait as may wait. False when Redis does not say: tasks are safe in MySQL. */
  isReached(): Promise<boolean>;
}

/** Counts the waiting jobs at most once a second, however many requests ask. */
export function createWaitingLimit(
  drawings: Pick<Queues['drawings'], 'getJobCounts'>[],
  limit: number,
  now: () => number = Date.now,
): WaitingLimit {
  let countedAt = Number.NEGATIVE_INFINITY;
  let count: Promise<number> = Promise.resolve(0);

  const countWaiting = async () => {
    try {
      const counts = await withTimeLimit(
        Promise.all(drawings.map((queue) => queue.getJobCounts('waiting', 'prioritized', 'delayed'))),
        1_000,
      );
      return counts.reduce(
        (sum, { waiting = 0, prioritized = 0, delayed = 0 }) => sum + waiting + prioritized + delayed,
        0,
      );
    } catch {
      return 0;
    }
  };

  return {
    async isReached() {
      if (now() - countedAt >= 1_000) {
        countedAt = now();
        count = countWaiting();
      }
      return (await count) >= limit;
    },
  };
}
