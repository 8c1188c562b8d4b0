import type { Database } from '@midjourney-api/shared/database/connect';
import { tasks } from '@midjourney-api/shared/database/schema';
import { type ShownTask, shownColumns } from '@midjourney-api/shared/tasks/find-tasks';
import type { TaskStatus } from '@midjourney-api/shared/tasks/statuses';
import type { FailCode } from '@midjourney-api/shared/tasks/task';
import { and, desc, eq, inArray } from 'drizzle-orm';

interface TasksAtOffset {
  userId: number;
  /** Any when left out. */
  statuses?: readonly TaskStatus[] | undefined;
  failCodes?: readonly FailCode[] | undefined;
  limit: number;
  offset: number;
}

/** A user's tasks, newest first. Those before the offset are counted in the index, where it suffices, and not read. */
export async function findTasksAtOffset(
  db: Database,
  { userId, statuses, failCodes, limit, offset }: TasksAtOffset,
): Promise<ShownTask[]> {
  const page = db
    .select({ id: tasks.id })
    .from(tasks)
    .where(
      and(
        eq(tasks.userId, userId),
        statuses && inArray(tasks.status, statuses),
        failCodes && inArray(tasks.failCode, failCodes),
      ),
    )
    .orderBy(desc(tasks.id))
    .limit(limit)
    .offset(offset)
    .as('page');
  return db.select(shownColumns).from(tasks).innerJoin(page, eq(tasks.id, page.id)).orderBy(desc(tasks.id));
}
