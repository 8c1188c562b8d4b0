import { and, eq, inArray, isNull, lt, sql } from 'drizzle-orm';
import type { MySqlColumn } from 'drizzle-orm/mysql-core';
import type { Transaction } from '../database/connect.ts';
import { insertRows } from '../database/insert-rows.ts';
import { tasks, tokenDays, tokenLedger, users } from '../database/schema.ts';
import type { TaskId } from '../tasks/task-id.ts';

/**
 * The movements of a token. Each runs inside the transaction that changes the task, so that the count, the ledger and the
 * task can never disagree.
 */

export class InsufficientTokens extends Error {
  override readonly name = 'InsufficientTokens';
}

type Movement = typeof tokenLedger.$inferSelect;

/** Numbers as one parameter, which mysql2 writes as a list; Drizzle would make each a parameter. */
const listOf = (numbers: number[]) => sql.param(numbers);

/**
 * Locks users, and returns how many tokens each has left; a disabled user has none.
 * @param skipLocked skips users that another transaction has locked, instead of waiting
 */
export async function lockTokensLeft(
  tx: Transaction,
  userIds: number[],
  { skipLocked }: { skipLocked: boolean },
): Promise<Map<number, number>> {
  const locked = await tx
    .select({
      id: users.id,
      left: sql<number>`if(${users.disabledAt} is null, greatest(${users.tokenTotal} - ${users.tokenUse}, 0), 0)`.mapWith(
        Number,
      ),
    })
    .from(users)
    .where(sql`${users.id} in (${listOf([...new Set(userIds)])})`)
    // Always in the same order, so that two processes never wait for each other.
    .orderBy(users.id)
    .for('update', skipLocked ? { skipLocked } : {});
  return new Map(locked.map(({ id, left }) => [id, left]));
}

/** Reserves a token for each task. The users must be locked, and have that many left. */
export async function reserveTokens(
  tx: Transaction,
  reservations: { userId: number; taskId: TaskId }[],
): Promise<void> {
  const counts = new Map<number, number>();
  for (const { userId } of reservations) counts.set(userId, (counts.get(userId) ?? 0) + 1);
  const [userIds, added] = [[...counts.keys()], [...counts.values()]];
  await tx
    .update(users)
    .set({ tokenUse: sql`${users.tokenUse} + elt(field(${users.id}, ${listOf(userIds)}), ${listOf(added)})` })
    .where(sql`${users.id} in (${listOf(userIds)})`);
  await insertRows(
    tx,
    tokenLedger,
    ['userId', 'taskId', 'kind', 'change'],
    reservations.map((reservation) => ({ ...reservation, kind: 'reserve', change: 1 })),
  );
}

/** Spends the reserved token: the task succeeded. */
export async function spendToken(tx: Transaction, userId: number, taskId: TaskId): Promise<void> {
  await tx.insert(tokenLedger).values({ userId, taskId, kind: 'spend', change: 0 });
}

/** Refunds the reserved token: the task failed. */
export async function refundToken(tx: Transaction, userId: number, taskId: TaskId): Promise<void> {
  await tx.insert(tokenLedger).values({ userId, taskId, kind: 'refund', change: -1 });
  await tx
    .update(users)
    .set({ tokenUse: sql`${users.tokenUse} - 1` })
    .where(eq(users.id, userId));
}

/**
 * Reserves and spends a token at once, for a late result, whose first token was refunded.
 * @throws {InsufficientTokens} if the user has none left, or is disabled.
 */
export async function claimToken(tx: Transaction, userId: number, taskId: TaskId): Promise<void> {
  const [taken] = await tx
    .update(users)
    .set({ tokenUse: sql`${users.tokenUse} + 1` })
    .where(and(eq(users.id, userId), lt(users.tokenUse, users.tokenTotal), isNull(users.disabledAt)));
  if (taken.affectedRows === 0) throw new InsufficientTokens();
  await tx.insert(tokenLedger).values({ userId, taskId, kind: 'claim', change: 1 });
}

/** Who moved tokens by hand, as in the audit log, and why. */
export interface ByHand {
  actor: string;
  note?: string | undefined;
}

export async function recordReset(
  tx: Transaction,
  userId: number,
  change: number,
  by?: ByHand,
): Promise<void> {
  await tx.insert(tokenLedger).values({ userId, taskId: null, kind: 'reset', change, ...by });
}

/** Records a change of the user's `token_total`. @param by the service itself if left out */
export async function recordGrant(
  tx: Transaction,
  userId: number,
  changeInTotal: number,
  by?: ByHand,
): Promise<void> {
  await tx
    .insert(tokenLedger)
    .values({ userId, taskId: null, kind: 'grant', change: 0, changeInTotal, ...by });
}

const countOf = (...kinds: Movement['kind'][]) =>
  sql<number>`sum(${tokenLedger.kind} in ${kinds})`.mapWith(Number);

/** The counts of a group of rows, for a bill. */
export const movementCounts = {
  reserved: countOf('reserve', 'claim'),
  spent: countOf('spend', 'claim'),
  returned: countOf('refund'),
};

/** The day of a movement, in UTC. */
export const movementDay = sql<string>`date_format(${tokenLedger.createdAt}, '%Y-%m-%d')`;

/**
 * Replaces the movements of tasks that are about to be deleted: by their sum in one row per user, so that a user's rows
 * still add up to `token_use`, and by their counts per day and kind of task.
 */
export async function archiveMovements(tx: Transaction, taskIds: TaskId[]): Promise<void> {
  const moved = inArray(tokenLedger.taskId, taskIds);
  const sums = await tx
    .select({ userId: tokenLedger.userId, change: sql<number>`sum(${tokenLedger.change})`.mapWith(Number) })
    .from(tokenLedger)
    .where(moved)
    .groupBy(tokenLedger.userId);
  if (sums.length === 0) return;
  const days = await tx
    .select({
      userId: tokenLedger.userId,
      day: movementDay,
      triggerType: tasks.triggerType,
      ...movementCounts,
    })
    .from(tokenLedger)
    .innerJoin(tasks, eq(tasks.id, tokenLedger.taskId))
    .where(moved)
    .groupBy(tokenLedger.userId, movementDay, tasks.triggerType);
  const added = (column: MySqlColumn) => sql`${column} + values(${column})`;
  await tx
    .insert(tokenDays)
    .values(days)
    .onDuplicateKeyUpdate({
      set: {
        reserved: added(tokenDays.reserved),
        spent: added(tokenDays.spent),
        returned: added(tokenDays.returned),
      },
    });
  await tx
    .insert(tokenLedger)
    .values(sums.map((sum) => ({ ...sum, kind: 'archive' as const, taskId: sql`${sum.userId}` })))
    .onDuplicateKeyUpdate({ set: { change: sql`${tokenLedger.change} + values(${tokenLedger.change})` } });
  await tx.delete(tokenLedger).where(moved);
}
