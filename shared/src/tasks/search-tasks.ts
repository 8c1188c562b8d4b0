import { and, desc, eq, like, lt, or } from 'drizzle-orm';
import type { Database } from '../database/connect.ts';
import { tasks } from '../database/schema.ts';
import { type ShownTask, shownColumns } from './find-tasks.ts';
import type { FailCode, TaskStatus, TriggerType } from './task.ts';
import { isTaskId, type TaskId } from './task-id.ts';

export interface TaskSearch {
  userId?: number | undefined;
  account?: string | undefined;
  status?: TaskStatus | undefined;
  triggerType?: TriggerType | undefined;
  failCode?: FailCode | undefined;
  /** A part of the prompt; or the id of the task, its request or its message. */
  q?: string | undefined;
  /** Only tasks older than this one. */
  before?: TaskId | undefined;
  limit: number;
}

/** Anybody's tasks, for operators, the newest first. A text is looked for in every task that the rest leaves. */
export async function searchTasks(db: Database, search: TaskSearch): Promise<ShownTask[]> {
  const { userId, account, status, triggerType, failCode, q, before, limit } = search;
  return db
    .select(shownColumns)
    .from(tasks)
    .where(
      and(
        userId === undefined ? undefined : eq(tasks.userId, userId),
        account === undefined ? undefined : eq(tasks.account, account),
        status && eq(tasks.status, status),
        triggerType && eq(tasks.triggerType, triggerType),
        // Which lets an index find them.
        failCode && and(eq(tasks.status, 'failed'), eq(tasks.failCode, failCode)),
        q === undefined ? undefined : matches(q),
        before && lt(tasks.id, before),
      ),
    )
    .orderBy(desc(tasks.id))
    .limit(limit);
}

function matches(q: string) {
  return or(
    like(tasks.prompt, `%${q.replaceAll(/[\\%_]/g, '\\$&')}%`),
    eq(tasks.requestId, q),
    eq(tasks.messageId, q),
    isTaskId(q) ? eq(tasks.id, q) : undefined,
  );
}
