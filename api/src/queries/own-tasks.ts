import type { Database } from '@midjourney-api/shared/database/connect';
import { tasks } from '@midjourney-api/shared/database/schema';
import { type ShownTask, shownColumns } from '@midjourney-api/shared/tasks/find-tasks';
import { openStatuses } from '@midjourney-api/shared/tasks/statuses';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { and, eq, inArray } from 'drizzle-orm';

/** Reading more rows at once would keep other requests waiting. */
const atOnce = 500;

/** The tasks with these ids that are the user's own, in the order of the ids. Operators see no others either. */
export async function findOwnTasks(db: Database, userId: number, ids: TaskId[]): Promise<ShownTask[]> {
  const found: ShownTask[] = [];
  for (let at = 0; at < ids.length; at += atOnce) {
    const some = inArray(tasks.id, ids.slice(at, at + atOnce));
    const rows = await db
      .select(shownColumns)
      .from(tasks)
      .where(and(some, eq(tasks.userId, userId)));
    found.push(...rows);
  }
  const byId = new Map(found.map((task) => [task.id, task]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** A user's open tasks, the oldest first. */
export async function findOpenTasks(db: Database, userId: number, most: number): Promise<ShownTask[]> {
  return db
    .select(shownColumns)
    .from(tasks)
    .where(and(eq(tasks.userId, userId), inArray(tasks.status, openStatuses)))
    .orderBy(tasks.id)
    .limit(most);
}
