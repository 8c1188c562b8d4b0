import type { Database } from '@midjourney-api/shared/database/connect';
import { tasks } from '@midjourney-api/shared/database/schema';
import { type ShownTask, shownColumns } from '@midjourney-api/shared/tasks/find-tasks';
import { openStatuses } from '@midjourney-api/shared/tasks/statuses';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { and, eq, inArray } from 'drizzle-orm';

/** The tasks with these ids that are the user's own, in the order of the ids. Operators see no others either. */
export async function findOwnTasks(db: Database, userId: number, ids: TaskId[]): Promise<ShownTask[]> {
  if (ids.length === 0) return [];
  const found = await db
    .select(shownColumns)
    .from(tasks)
    .where(and(inArray(tasks.id, ids), eq(tasks.userId, userId)));
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
