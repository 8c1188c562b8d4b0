import type { Database } from '@midjourney-api/shared/database/connect';
import { notices, tasks } from '@midjourney-api/shared/database/schema';
import type { NoticeState } from '@midjourney-api/shared/hooks/notices';
import type { NoticeJob } from '@midjourney-api/shared/queues/queues';
import { and, eq, sql } from 'drizzle-orm';

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

/** Notes an attempt and what came of it. */
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

/** The hook wants no more: what waits for it is given up, and later changes of the task are not noted for it. */
export async function forgetHook(
  db: Database,
  { taskId }: NoticeKey,
  reason: string,
  now: Date,
): Promise<void> {
  await db.transaction(async (tx) => {
    // Locks the task first, as each change of it does, so that the two cannot deadlock. It is another version, so
    // that a change which was decided before is decided anew.
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
