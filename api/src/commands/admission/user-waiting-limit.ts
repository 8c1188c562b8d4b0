import { cached } from '@midjourney-api/shared/concurrency/cached';
import { inRounds } from '@midjourney-api/shared/concurrency/in-rounds';
import type { Database } from '@midjourney-api/shared/database/connect';
import { tasks } from '@midjourney-api/shared/database/schema';
import { and, eq, inArray, sql } from 'drizzle-orm';

export interface UserWaitingLimit {
  /** Whether this user has as many tasks waiting as one user may have. */
  isReached(userId: number): Promise<boolean>;
}

const countedAgainMs = 1_000;

/** Counts a user's waiting tasks at most once a second, in one query with those of other users. */
export function createUserWaitingLimit(
  db: Database,
  limit: number,
  now: () => number = Date.now,
): UserWaitingLimit {
  const countWaiting = inRounds(async (userIds: number[]) => {
    const counts = await db
      .select({ userId: tasks.userId, count: sql<number>`count(*)`.mapWith(Number) })
      .from(tasks)
      .where(and(inArray(tasks.userId, userIds), eq(tasks.status, 'queued')))
      .groupBy(tasks.userId);
    const byUser = new Map(counts.map(({ userId, count }) => [userId, count]));
    return userIds.map((userId) => byUser.get(userId) ?? 0);
  });
  const countOf = cached(countWaiting, { ms: countedAgainMs, now });
  return { isReached: async (userId) => (await countOf(userId)) >= limit };
}
