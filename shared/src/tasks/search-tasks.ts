import { and, desc, eq, inArray, isNull, like, lt, or, sql } from 'drizzle-orm';
import type { Database } from '../database/connect.ts';
import { tasks } from '../database/schema.ts';
import { type ShownTask, shownColumns } from './find-tasks.ts';
import type { TaskStatus } from './statuses.ts';
import type { Bot, FailCode, TriggerType } from './task.ts';
import { isTaskId, type TaskId } from './task-id.ts';

export interface TaskSearch {
  userId?: number | undefined;
  account?: string | undefined;
  status?: TaskStatus | undefined;
  triggerType?: TriggerType | undefined;
  failCode?: FailCode | undefined;
  bot?: Bot | undefined;
  /** See `TaskAction`. */
  button?: string | undefined;
  /** Only these. */
  ids?: TaskId[] | undefined;
  /** A part of the prompt; or the id of the task, its request or its message. */
  q?: string | undefined;
  /** Only tasks older than this one. */
  before?: TaskId | undefined;
  limit: number;
}

/** Finds tasks, of all users unless one is given, newest first. The text search runs on what the other filters leave. */
export async function searchTasks(db: Database, search: TaskSearch): Promise<ShownTask[]> {
  const { userId, account, status, triggerType, failCode, bot, button, ids, q, before, limit } = search;
  return db
    .select(shownColumns)
    .from(tasks)
    .where(
      and(
        userId === undefined ? undefined : eq(tasks.userId, userId),
        account === undefined ? undefined : eq(tasks.account, account),
        status && eq(tasks.status, status),
        triggerType && eq(tasks.triggerType, triggerType),
        // The status is implied; naming it allows the use of an index.
        failCode && and(eq(tasks.status, 'failed'), eq(tasks.failCode, failCode)),
        bot && (bot === 'midjourney' ? isNull(inAction('bot')) : eq(inAction('bot'), bot)),
        button === undefined ? undefined : eq(inAction('button'), button),
        ids && inArray(tasks.id, ids),
        q === undefined ? undefined : matches(q),
        before && lt(tasks.id, before),
      ),
    )
    .orderBy(desc(tasks.id))
    .limit(limit);
}

function inAction(field: 'bot' | 'button') {
  return sql<string | null>`json_unquote(json_extract(${tasks.action}, ${`$.${field}`}))`;
}

function matches(q: string) {
  return or(
    like(tasks.prompt, `%${q.replaceAll(/[\\%_]/g, '\\$&')}%`),
    eq(tasks.requestId, q),
    eq(tasks.messageId, q),
    isTaskId(q) ? eq(tasks.id, q) : undefined,
  );
}
