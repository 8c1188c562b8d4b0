import { and, eq, gt, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm';
import type { Database } from '../database/connect.ts';
import { tasks } from '../database/schema.ts';
import { openStatuses } from './statuses.ts';
import type { Task } from './task.ts';
import { firstTaskId, type TaskId } from './task-id.ts';
import { workOf } from './work.ts';

/** The columns that clients see, and those needed to find a task's owner and its position in the queue. */
export const shownColumns = {
  id: tasks.id,
  userId: tasks.userId,
  triggerType: tasks.triggerType,
  action: tasks.action,
  status: tasks.status,
  progress: tasks.progress,
  prompt: tasks.prompt,
  index: tasks.index,
  speed: tasks.speed,
  parentId: tasks.parentId,
  account: tasks.account,
  nonce: tasks.nonce,
  previewUrl: tasks.previewUrl,
  waitReason: tasks.waitReason,
  retryAt: tasks.retryAt,
  messageId: tasks.messageId,
  messageHash: tasks.messageHash,
  imageUrl: tasks.imageUrl,
  imageFile: tasks.imageFile,
  mediaType: tasks.mediaType,
  durationMs: tasks.durationMs,
  width: tasks.width,
  height: tasks.height,
  buttons: tasks.buttons,
  texts: tasks.texts,
  analysis: tasks.analysis,
  drawn: tasks.drawn,
  warnings: tasks.warnings,
  lateResult: tasks.lateResult,
  failCode: tasks.failCode,
  failReason: tasks.failReason,
  state: tasks.state,
  notifyHook: tasks.notifyHook,
  version: tasks.version,
  createdAt: tasks.createdAt,
  submittedAt: tasks.submittedAt,
  startedAt: tasks.startedAt,
  finishedAt: tasks.finishedAt,
};

export type ShownTask = Pick<Task, keyof typeof shownColumns>;

/** The query is built once per database, because building it costs more than sending it. */
const queries = new WeakMap<Database, ReturnType<typeof prepareFindTask>>();

function prepareFindTask(db: Database) {
  return db
    .select()
    .from(tasks)
    .where(eq(tasks.id, sql.placeholder('id')))
    .prepare();
}

export async function findTask(db: Database, id: TaskId): Promise<Task | undefined> {
  const query = queries.get(db) ?? prepareFindTask(db);
  queries.set(db, query);
  const [task] = await query.execute({ id });
  return task;
}

/** The tasks of all users whose picture or late result is in this Discord message. */
export async function findTasksByMessage(db: Database, messageId: string): Promise<Task[]> {
  const isThere = or(eq(tasks.messageId, messageId), eq(tasks.resultMessageId, messageId));
  return db.select().from(tasks).where(isThere).orderBy(tasks.id);
}

/** The tasks of all users whose picture or late result is from this Midjourney job. */
export async function findTasksByHash(db: Database, hash: string): Promise<Task[]> {
  const isIts = or(eq(tasks.messageHash, hash), eq(tasks.jobId, hash));
  return db.select().from(tasks).where(isIts).orderBy(tasks.id);
}

/** A user's open tasks. `nonce` is null until a worker is about to send the task. */
export async function findOpenTasksOfUser(
  db: Database,
  userId: number,
): Promise<Pick<Task, 'id' | 'nonce'>[]> {
  return db
    .select({ id: tasks.id, nonce: tasks.nonce })
    .from(tasks)
    .where(and(eq(tasks.userId, userId), inArray(tasks.status, openStatuses)))
    .orderBy(tasks.id);
}

/** Open tasks that this account has sent, or was about to send, and that may be at Midjourney. */
export async function findSentTasks(db: Database, account: string): Promise<Task[]> {
  return db
    .select()
    .from(tasks)
    .where(and(inArray(tasks.status, openStatuses), eq(tasks.account, account), isNotNull(tasks.nonce)))
    .orderBy(tasks.id);
}

/** The times since `since` at which the account sent something to draw. */
export async function findDrawings(db: Database, account: string, since: Date): Promise<Date[]> {
  const sent = await db
    .select({ sentAt: tasks.sentAt, action: tasks.action })
    .from(tasks)
    .where(and(eq(tasks.account, account), gt(tasks.sentAt, since)));
  return sent.flatMap(({ sentAt, action }) => (sentAt && workOf(action) !== 'nothing' ? sentAt : []));
}

/** Tasks of this account that were given up since `since` and whose jobs were not seen to end. */
export async function findTasksGivenUp(db: Database, account: string, since: Date): Promise<Task[]> {
  return db
    .select()
    .from(tasks)
    .where(
      and(
        eq(tasks.status, 'failed'),
        gt(tasks.id, firstTaskId(new Date(since.getTime() - longestTaskMs))),
        eq(tasks.account, account),
        isNotNull(tasks.nonce),
        isNull(tasks.jobEndedAt),
        gt(tasks.finishedAt, since),
      ),
    )
    .orderBy(tasks.id);
}

/** Longer than any task waits and runs. Older tasks are not searched, which keeps the search small. */
const longestTaskMs = 24 * 60 * 60 * 1_000;
