import type { Database } from '@midjourney-api/shared/database/connect';
import { tasks } from '@midjourney-api/shared/database/schema';
import { type ShownTask, shownColumns } from '@midjourney-api/shared/tasks/find-tasks';
import type { Task } from '@midjourney-api/shared/tasks/task';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { and, desc, eq, ne } from 'drizzle-orm';

/** Of each kind: a popular picture may have thousands. */
export const mostRelatives = 100;

/** The tasks of its owner that a task comes from, that continue it, and that continue the same picture as it does. */
interface Relatives {
  /** Its parent first, then that one's. */
  ancestors: ShownTask[];
  /** The newest first, as siblings are. */
  children: ShownTask[];
  siblings: ShownTask[];
}

export async function findRelatives(
  db: Database,
  { id, userId, parentId }: Pick<Task, 'id' | 'userId' | 'parentId'>,
): Promise<Relatives> {
  const shown = () => db.select(shownColumns).from(tasks).$dynamic();
  const childrenOf = (parent: TaskId) =>
    shown()
      .where(and(eq(tasks.parentId, parent), eq(tasks.userId, userId), ne(tasks.id, id)))
      .orderBy(desc(tasks.id))
      .limit(mostRelatives);

  const ancestors: ShownTask[] = [];
  for (let next = parentId; next !== null && ancestors.length < mostRelatives; ) {
    const [ancestor] = await shown().where(and(eq(tasks.id, next), eq(tasks.userId, userId)));
    if (!ancestor) break;
    ancestors.push(ancestor);
    next = ancestor.parentId;
  }
  const [children, siblings] = await Promise.all([
    childrenOf(id),
    parentId === null ? [] : childrenOf(parentId),
  ]);
  return { ancestors, children, siblings };
}
