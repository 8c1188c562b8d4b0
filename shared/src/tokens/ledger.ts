import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '../database/connect.ts';
import { tokenLedger, users } from '../database/schema.ts';
import type { TaskId } from '../tasks/task-id.ts';

/**
 * The movements of a token. Each is called inside the transaction that changes the task, so that the
 * count, the ledger and the task can never disagree.
 */

/** Takes one token of the user's balance. @returns false, with nothing changed, when none is left. */
export async function reserveToken(tx: Transaction, userId: number, taskId: TaskId): Promise<boolean> {
  const [updated] = await tx
    .update(users)
    .set({ tokenUse: sql`${users.tokenUse} + 1` })
    .where(and(eq(users.id, userId), sql`${users.tokenUse} < ${users.tokenTotal}`, isNull(users.disabledAt)));
  if (updated.affectedRows === 0) return false;
  await tx.insert(tokenLedger).values({ userId, taskId, kind: 'reserve', change: 1 });
  return true;
}

/** The reserved token is used up: the task succeeded. */
export async function spendToken(tx: Transaction, userId: number, taskId: TaskId): Promise<void> {
  await tx.insert(tokenLedger).values({ userId, taskId, kind: 'spend', change: 0 });
}

/** Gives the reserved token back: the task failed. */
export async function refundToken(tx: Transaction, userId: number, taskId: TaskId): Promise<void> {
  await tx.insert(tokenLedger).values({ userId, taskId, kind: 'refund', change: -1 });
  await tx
    .update(users)
    .set({ tokenUse: sql`${users.tokenUse} - 1` })
    .where(eq(users.id, userId));
}

export async function recordReset(tx: Transaction, userId: number, change: number): Promise<void> {
  await tx.insert(tokenLedger).values({ userId, taskId: null, kind: 'reset', change });
}
