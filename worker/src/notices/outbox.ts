import type { Database } from '@midjourney-api/shared/database/connect';
import { notices, tasks } from '@midjourney-api/shared/database/schema';
import type { NoticeState } from '@midjourney-api/shared/notices/notice-states';
import { isFinalNotice } from '@midjourney-api/shared/notices/render-notice';
import type { NoticeJob } from '@midjourney-api/shared/queues/catalogue';
import { and, eq, gt, lt, sql } from 'drizzle-orm';

export interface Notice {
  body: string;
  state: NoticeState;
  /** How often it was tried. */
  attempts: number;
  reason: string | null;
  createdAt: Date;
  /** Null when the hook wants no more. */
  hook: string | null;
}

type NoticeKey = Pick<NoticeJob, 'taskId' | 'version'>;

export async function readNotice(db: Database, { taskId, version }: NoticeKey): Promise<Notice | undefined> {
  const [notice] = await db
    .select({
      body: notices.body,
      state: notices.state,
      attempts: notices.attempts,
      reason: notices.reason,
      createdAt: notices.createdAt,
      hook: tasks.notifyHook,
    })
    .from(notices)
    .innerJoin(tasks, eq(tasks.id, notices.taskId))
    .where(and(eq(notices.taskId, taskId), eq(notices.version, version)));
  return notice;
}

/** Records an attempt and its outcome. */
export async function recordAttempt(
  db: Database,
  { taskId, version }: NoticeKey,
  outcome: { state: NoticeState; reason: string | null },
  now: Date,
): Promise<void> {
  await db
    .update(notices)
    .set({
      ...outcome,
      attempts: sql`${notices.attempts} + 1`,
      settledAt: outcome.state === 'waiting' ? null : now,
    })
    .where(and(eq(notices.taskId, taskId), eq(notices.version, version)));
}

/** Whether the task was still open when it changed: then any newer notice says all of it and more. */
export function isProgress({ body }: Pick<Notice, 'body'>): boolean {
  return !isFinalNotice(JSON.parse(body));
}

/**
 * Drops a progress notice, and those after it that are overtaken too, when a newer one waits.
 * @returns whether it did.
 */
export async function dropOvertaken(
  db: Database,
  { taskId, version }: NoticeKey,
  reason: string,
  now: Date,
): Promise<boolean> {
  const waiting = await db
    .select({ version: notices.version, body: notices.body })
    .from(notices)
    .where(and(eq(notices.taskId, taskId), eq(notices.state, 'waiting'), gt(notices.version, version)))
    .orderBy(notices.version);
  const next = waiting.find((newer) => !isProgress(newer)) ?? waiting.at(-1);
  if (!next) return false;
  await db
    .update(notices)
    .set({ state: 'overtaken', reason, settledAt: now })
    .where(and(eq(notices.taskId, taskId), eq(notices.state, 'waiting'), lt(notices.version, next.version)));
  return true;
}

/** The hook wants no more notices: those that wait are given up, and the task's later changes make none. */
export async function forgetHook(
  db: Database,
  { taskId }: NoticeKey,
  reason: string,
  now: Date,
): Promise<void> {
  await db.transaction(async (tx) => {
    // Locks the task first, as each change of it does, so that the two cannot deadlock. It is another version, so
    // that a change which was decided before is decided again.
    await tx
      .update(tasks)
      .set({ notifyHook: null, version: sql`${tasks.version} + 1` })
      .where(eq(tasks.id, taskId));
    await tx
      .update(notices)
      .set({ state: 'dead', reason, settledAt: now })
      .where(and(eq(notices.taskId, taskId), eq(notices.state, 'waiting')));
  });
}
