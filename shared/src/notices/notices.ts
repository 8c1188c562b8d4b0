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
 * @returns false when there is none to deliver: no hook, one that wants final notices only, or nothing that clients
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
 * Adds the job of the task's oldest waiting notice; only that one ever has one, which keeps them in order.
 * Called after each commit that adds a notice or settles one: whichever of the two sees both commits adds the
 * job, so none is forgotten, and the job's id lets it be added once.
 * @returns which version's, if one waits.
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
