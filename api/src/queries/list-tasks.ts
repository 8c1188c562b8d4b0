import type { Database } from '@midjourney-api/shared/database/connect';
import { tasks } from '@midjourney-api/shared/database/schema';
import { type ShownTask, shownColumns } from '@midjourney-api/shared/tasks/find-tasks';
import type { TaskStatus } from '@midjourney-api/shared/tasks/statuses';
import type { TriggerType } from '@midjourney-api/shared/tasks/task';
import { isTaskId, type TaskId } from '@midjourney-api/shared/tasks/task-id';
import { and, desc, eq, lt, sql } from 'drizzle-orm';

export interface TaskFilter {
  userId: number;
  status?: TaskStatus | undefined;
  triggerType?: TriggerType | undefined;
  /** Only tasks older than this one. */
  before?: TaskId | undefined;
  limit: number;
}

/** A user's tasks, newest first, and where the next page starts, if there is one. */
export type ListTasks = (filter: TaskFilter) => Promise<{ page: ShownTask[]; nextCursor: string | null }>;

/** Each kind of filter has a query of its own, put together once: that costs as much as reading the page. */
export function createListTasks(db: Pick<Database, 'select'>): ListTasks {
  const prepared = new Map<string, ReturnType<typeof prepareList>>();
  return async ({ limit, ...filter }) => {
    const { status, triggerType, before } = filter;
    const kind = [status && 'status', triggerType && 'type', before && 'before'].join();
    const query = prepared.get(kind) ?? prepareList(db, filter);
    prepared.set(kind, query);
    return listPage(limit, (most) => query.execute({ ...filter, limit: most }));
  };
}

/** A page of at most `limit` tasks. @param find finds the first so many. */
export async function listPage(
  limit: number,
  find: (most: number) => Promise<ShownTask[]>,
): ReturnType<ListTasks> {
  const found = await find(limit + 1);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return { page, nextCursor: last && found.length > limit ? cursorAfter(last.id) : null };
}

function prepareList(
  db: Pick<Database, 'select'>,
  { status, triggerType, before }: Pick<TaskFilter, 'status' | 'triggerType' | 'before'>,
) {
  return db
    .select(shownColumns)
    .from(tasks, { forceIndex: indexesFor({ status, triggerType }) })
    .where(
      and(
        eq(tasks.userId, sql.placeholder('userId')),
        status && eq(tasks.status, sql.placeholder('status')),
        triggerType && eq(tasks.triggerType, sql.placeholder('triggerType')),
        before && lt(tasks.id, sql.placeholder('before')),
      ),
    )
    .orderBy(desc(tasks.id))
    .limit(sql.placeholder('limit'))
    .prepare();
}

/**
 * Each has the ids in order behind what is filtered by, so a page is read off its end. Left alone, MariaDB takes the
 * index by the user only and walks through all newer tasks, which makes the 1,000th page as slow as twenty thousand reads.
 */
function indexesFor({ status, triggerType }: Pick<TaskFilter, 'status' | 'triggerType'>): string[] {
  if (!status && !triggerType) return ['idx_tasks_user'];
  return [...(status ? ['idx_tasks_user_status'] : []), ...(triggerType ? ['idx_tasks_user_type'] : [])];
}

/** Opaque to clients, so that its content may change. */
function cursorAfter(id: TaskId): string {
  return Buffer.from(id).toString('base64url');
}

/** @returns the last task of the page before, or undefined when the cursor is none of ours. */
export function readCursor(cursor: string): TaskId | undefined {
  const id = Buffer.from(cursor, 'base64url').toString();
  return isTaskId(id) ? id : undefined;
}
