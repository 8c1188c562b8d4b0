import { and, eq } from 'drizzle-orm';
import type { Database, Transaction } from '../database/connect.ts';
import { notices } from '../database/schema.ts';
import type { Queues } from '../queues/queues.ts';
import { isOpen } from '../tasks/statuses.ts';
import type { Task } from '../tasks/task.ts';
import type { TaskId } from '../tasks/task-id.ts';
import { renderNotice } from './render-notice.ts';

/**
 * Records the notice of a change for the task's hook, in the transaction that makes the change.
 * @returns false if there is nothing to deliver: there is no hook, it wants final notices only, or nothing that clients
 * see has changed.
 */
export async function recordNotice(
  tx: Transaction,
  before: Task,
  after: Task,
  now: Date,
  picturesAt: string | undefined,
): Promise<boolean> {
  if (after.notifyHook === null || (after.notify === 'final' && isOpen(after))) return false;
  const body = renderNotice[after.hookDialect](before, after, now, picturesAt);
  if (body === undefined) return false;
  await tx.insert(notices).values({
    taskId: after.id,
    version: after.version,
    userId: after.userId,
    body: JSON.stringify(body),
    createdAt: now,
  });
  return true;
}

/**
 * Adds the job of the task's oldest waiting notice. Only that notice ever has a job, which keeps notices in order.
 * Called after each commit that adds or settles a notice: whichever call sees both commits adds the job, so none is
 * forgotten, and the job's id prevents duplicates.
 * @returns the version of that notice, if one waits.
 */
export async function scheduleNextNotice(
  db: Database,
  queues: Pick<Queues, 'addNotice'>,
  taskId: TaskId,
): Promise<number | undefined> {
  const [next] = await db
    .select({ taskId: notices.taskId, version: notices.version, userId: notices.userId })
    .from(notices)
    .where(and(eq(notices.state, 'waiting'), eq(notices.taskId, taskId)))
    .orderBy(notices.version)
    .limit(1);
  if (next) await queues.addNotice(next);
  return next?.version;
}
