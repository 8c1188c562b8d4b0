import type { Database } from '@midjourney-api/shared/database/connect';
import { tasks } from '@midjourney-api/shared/database/schema';
import { and, eq, sql } from 'drizzle-orm';

export interface UserWaitingLimit {
  /** Whether this user has as many tasks waiting as one user may have. */
  isReached(userId: number): Promise<boolean>;
}

const countedAgainMs = 1_000;

/** Counts a user's waiting tasks at most once a second, however many they submit. */
export function createUserWaitingLimit(
  db: Database,
  limit: number,
  now: () => number = Date.now,
): UserWaitingLimit {
  const counts = new Map<number, { at: number; count: Promise<number> }>();

  const countWaiting = async (userId: number) => {
    const [row] = await db
      .select({ count: sql<number>`count(*)`.mapWith(Number) })
      .from(tasks)
      .where(and(eq(tasks.userId, userId), eq(tasks.status, 'queued')));
    return row?.count ?? 0;
  };

  return {
    async isReached(userId) {
      const known = counts.get(userId);
      if (known && now() - known.at < countedAgainMs) return (await known.count) >= limit;
      // Whoever asks next finds the users who are gone, one at a time, so that the list stays small.
      for (const [id, { at }] of counts) {
        if (now() - at < countedAgainMs) break;
        counts.delete(id);
      }
      const count = countWaiting(userId);
      counts.set(userId, { at: now(), count });
      return (await count) >= limit;
    },
  };
}
