import type { Database } from '@midjourney-api/shared/database/connect';
import { accounts, tasks } from '@midjourney-api/shared/database/schema';
import type { Queues } from '@midjourney-api/shared/queues/queues';
import type { ShownTask } from '@midjourney-api/shared/tasks/find-tasks';
import { and, desc, eq, inArray, sql } from 'drizzle-orm';

interface QueuePosition {
  /** 1 is next. */
  position: number;
  /** Seconds until its picture is finished, as far as the last ones tell. */
  estimate_seconds: number;
}

/** @returns undefined for a task that does not wait, or while Redis does not say where. */
export type FindQueuePosition = (
  task: Pick<ShownTask, 'id' | 'userId' | 'status' | 'nonce' | 'account' | 'speed'>,
) => Promise<QueuePosition | undefined>;

const freshMs = 5_000;
const sampleSize = 50;
/** An imagine in fast mode, until there is something to measure. */
const usualSeconds = 60;

export function createQueuePosition(
  { db, queues }: { db: Database; queues: Queues },
  now: () => number = Date.now,
): FindQueuePosition {
  let pace: Promise<{ seconds: number; slots: number }> | undefined;
  let measuredAt = 0;

  const measure = async () => {
    const last = db
      .select({ submittedAt: tasks.submittedAt, finishedAt: tasks.finishedAt })
      .from(tasks)
      .where(eq(tasks.status, 'succeeded'))
      .orderBy(desc(tasks.id))
      .limit(sampleSize)
      .as('last');
    const [took] = await db
      .select({
        seconds: sql<
          number | null
        >`avg(timestampdiff(microsecond, ${last.submittedAt}, ${last.finishedAt})) / 1000000`,
      })
      .from(last);
    const [able] = await db
      .select({ slots: sql<number>`coalesce(sum(${accounts.concurrency}), 0)`.mapWith(Number) })
      .from(accounts)
      .where(and(accounts.enabled, inArray(accounts.state, ['ready', 'connecting'])));
    return { seconds: Number(took?.seconds ?? usualSeconds), slots: Math.max(able?.slots ?? 0, 1) };
  };

  return async (task) => {
    if (task.status !== 'queued' || task.nonce !== null) return undefined;
    const position = await queues.placeOf(task).catch(() => undefined);
    if (position === undefined) return undefined;
    if (!pace || now() - measuredAt > freshMs) {
      measuredAt = now();
      pace = measure();
    }
    const { seconds, slots } = await pace;
    return { position, estimate_seconds: Math.ceil(Math.ceil(position / slots) * seconds) };
  };
}
