import { and, eq } from 'drizzle-orm';
import { checkLease, isNewest } from '../accounts/leases.ts';
import { type Database, type Transaction, violatedKey } from '../database/connect.ts';
import { tasks, users } from '../database/schema.ts';
import { recordNotice, scheduleNextNotice } from '../notices/notices.ts';
import type { Queues } from '../queues/queues.ts';
import { claimToken, refundToken, spendToken } from '../tokens/ledger.ts';
import { findTask } from './find-tasks.ts';
import type { Task } from './task.ts';
import type { TaskChanges } from './task-changes.ts';
import type { TaskEnded } from './task-ends.ts';
import type { TaskId } from './task-id.ts';
import { type TaskChange, type TaskEvent, transition } from './transition.ts';

export interface ChangeContext {
  db: Database;
  changes: Pick<TaskChanges, 'announce'>;
  queues: Pick<Queues, 'addNotice'>;
  taskEnded: TaskEnded;
  /** Where stored pictures are served, for notices. Not needed by callers whose events bring no picture. */
  picturesAt?: string | undefined;
}

export interface Changed {
  task: Task;
  /** False if the event was not allowed or already applied: nothing changed. */
  applied: boolean;
  /** Nothing changed, because the message is already the result of another task. */
  resultIsTaken?: boolean;
}

/**
 * Another task whose messages would look the same may be at Midjourney for the same account. This one must wait, because
 * nothing would distinguish the two.
 */
export class OthersUnderWay extends Error {
  override readonly name = 'OthersUnderWay';
}

/**
 * Makes every change of a task's status, in one transaction with the token's movement and the notice to the task's hook. A
 * change applies only to the version that it was decided for; if another change was faster, it is decided again. Waiting
 * callers are notified after the commit.
 *
 * Other code changes only columns that no status depends on: Discord's link when it is renewed (`renew-link.ts`), the hook
 * when it wants no more notices (`forgetHook`), and `imageCopy` when copying a picture is given up.
 * @param seen the task as the caller last saw it, which may save reading it
 * @returns the current task; undefined if there is none
 * @throws {LeaseLost} if the sending worker no longer has the account
 * @throws {InsufficientTokens} if the balance is used up at a claim; nothing is changed
 */
export async function changeTask(
  context: ChangeContext,
  id: TaskId,
  event: TaskEvent,
  now = new Date(),
  seen?: Task,
): Promise<Changed | undefined> {
  const { db, changes, queues, taskEnded } = context;
  let task = seen ?? (await findTask(db, id));
  for (let isSeen = seen !== undefined; task; isSeen = false) {
    const change = transition(task, event, now);
    // Most repeated and late events end here, without a lock.
    if (!change && !isSeen) return { task, applied: false };
    const made = change && (await makeChange(context, task, change, event, now));
    if (made === 'result is taken') return { task, applied: false, resultIsTaken: true };
    if (made) {
      changes.announce(made.task);
      if (made.endedFor !== undefined) taskEnded(made.task, made.endedFor);
      // Not awaited, so that no task waits for a hook. If this fails, the reconciler schedules the notice.
      if (made.noticed) scheduleNextNotice(db, queues, id).catch(() => {});
      return { task: made.task, applied: true };
    }
    task = await findTask(db, id);
  }
  return undefined;
}

/** `endedFor` is the name of the user whose task ended with this change. */
interface MadeChange {
  task: Task;
  noticed: boolean;
  endedFor?: string;
}

/** @returns undefined, with nothing changed, if the task has another version by now. */
async function makeChange(
  { db, picturesAt }: ChangeContext,
  before: Task,
  change: TaskChange,
  event: TaskEvent,
  now: Date,
): Promise<MadeChange | 'result is taken' | undefined> {
  const version = before.version + 1;
  const task = { ...before, ...change, version };
  const isNow = async (tx: Database | Transaction): Promise<boolean> => {
    const [updated] = await tx
      .update(tasks)
      .set({ ...change, version })
      .where(
        and(
          eq(tasks.id, before.id),
          eq(tasks.version, before.version),
          event.type === 'sending' ? isNewest(event) : undefined,
        ),
      );
    return updated.affectedRows > 0;
  };

  const ends = change.status === 'succeeded' || change.status === 'failed';
  try {
    // A change of this row only is one statement, which needs no explicit transaction.
    if (ends || before.notifyHook !== null) return await withTokenAndNotice();
    if (await isNow(db)) return { task, noticed: false };
    if (event.type === 'sending') await checkLease(db, event);
    return undefined;
  } catch (error) {
    const key = violatedKey(error);
    if (key === 'uiq_tasks_result') return 'result is taken';
    if (key === 'uiq_tasks_exclusive')
      throw new OthersUnderWay(`Another task of the account has the same messages as ${before.id}.`, {
        cause: error,
      });
    throw error;
  }

  async function withTokenAndNotice() {
    return db.transaction(async (tx) => {
      const isClaim = event.type === 'claimed';
      const readUser = tx.select({ userName: users.userName }).from(users).where(eq(users.id, before.userId));
      // These change the user, too. Users are locked before tasks everywhere, so that two changes never deadlock.
      const changesUser = change.status === 'failed' || isClaim;
      const [user] = changesUser ? await readUser.for('update') : ends ? await readUser : [];
      if (!(await isNow(tx))) {
        if (event.type === 'sending') await checkLease(tx, event);
        return undefined;
      }
      if (isClaim) await claimToken(tx, before.userId, before.id);
      else if (change.status === 'succeeded') await spendToken(tx, before.userId, before.id);
      if (change.status === 'failed') await refundToken(tx, before.userId, before.id);
      const noticed = await recordNotice(tx, before, task, now, picturesAt);
      return { task, noticed, ...(ends && !isClaim && { endedFor: user?.userName ?? '' }) };
    });
  }
}
