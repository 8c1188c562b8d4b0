import { eq } from 'drizzle-orm';
import { checkFence } from '../accounts/leases.ts';
import type { Database } from '../database/connect.ts';
import { tasks, users } from '../database/schema.ts';
import { recordNotice, scheduleNextNotice } from '../hooks/notices.ts';
import type { Queues } from '../queues/queues.ts';
import { refundToken, spendToken } from '../tokens/ledger.ts';
import { findTask } from './find-tasks.ts';
import type { Task } from './task.ts';
import type { TaskChanges } from './task-changes.ts';
import type { TaskId } from './task-id.ts';
import { type TaskEvent, transition } from './transition.ts';

export interface ChangeContext {
  db: Database;
  changes: Pick<TaskChanges, 'announce'>;
  queues: Pick<Queues, 'addNotice'>;
  /** Where stored pictures are served, for what hooks are told. Not needed where tasks never get a picture. */
  imagesAt?: string | undefined;
}

export interface Changed {
  task: Task;
  /** False when the event was not allowed or had been applied before: then nothing changed. */
  applied: boolean;
}

/** Events that may end in a refund. */
const mayFail = new Set<TaskEvent['type']>(['failed', 'not_sent', 'cancel_requested']);

/**
 * Makes every change of a task: one transaction, guarded by the present state, with the token's movement
 * in the same transaction, and what the task's hook has to be told. Whoever waits for the task is told after the
 * commit.
 * @returns the task as it is now, or undefined when there is none.
 * @throws {LeaseLost} when the sending worker does not drive the account any more.
 */
export async function changeTask(
  { db, changes, queues, imagesAt }: ChangeContext,
  id: TaskId,
  event: TaskEvent,
  now = new Date(),
): Promise<Changed | undefined> {
  const seen = await findTask(db, id);
  if (!seen) return undefined;
  // Most repeated and late events end here, without a lock.
  if (!transition(seen, event, now)) return { task: seen, applied: false };

  let noticed = false;
  const changed = await db.transaction(async (tx) => {
    // A refund changes the user too. Users are locked before tasks everywhere, so that two changes never deadlock.
    if (mayFail.has(event.type)) {
      await tx.select({ id: users.id }).from(users).where(eq(users.id, seen.userId)).for('update');
    }
    if (event.type === 'sending') await checkFence(tx, event);
    const [task] = await tx.select().from(tasks).where(eq(tasks.id, id)).for('update');
    const change = task && transition(task, event, now);
    if (!task || !change) return { task: task ?? seen, applied: false };

    const next = { ...change, version: task.version + 1 };
    await tx.update(tasks).set(next).where(eq(tasks.id, id));
    if (change.status === 'succeeded') await spendToken(tx, task.userId, id);
    if (change.status === 'failed') await refundToken(tx, task.userId, id);
    const changedTask = { ...task, ...next };
    noticed = await recordNotice(tx, task, changedTask, now, imagesAt);
    return { task: changedTask, applied: true };
  });
  if (changed.applied) changes.announce(changed.task);
  // Not awaited: no task waits for a hook. What cannot be scheduled now is when lost jobs are looked for.
  if (noticed) scheduleNextNotice(db, queues, id).catch(() => {});
  return changed;
}
