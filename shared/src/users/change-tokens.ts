import { and, eq, inArray } from 'drizzle-orm';
import type { Executor } from '../database/connect.ts';
import { tasks, users } from '../database/schema.ts';
import { isOpen, openStatuses } from '../tasks/statuses.ts';
import { type ByHand, recordGrant, recordReset } from '../tokens/ledger.ts';
import { checkTokenTotal, getUser, type User, UserError, userColumns } from './users.ts';

/**
 * Sets the user's total of tokens.
 * @throws {UserError} for an unknown user or an invalid total.
 */
export async function updateTokenTotal(
  db: Executor,
  nameOrKey: string,
  tokenTotal: number,
  by?: ByHand,
): Promise<User> {
  checkTokenTotal(tokenTotal);
  return changeTokenTotal(db, nameOrKey, () => tokenTotal, by);
}

/**
 * Adds tokens to the user's total, or takes them if the number is negative. Concurrent changes add up.
 * @throws {UserError} for an unknown user, or if the total would be invalid.
 */
export async function addTokens(db: Executor, nameOrKey: string, added: number, by?: ByHand): Promise<User> {
  if (!Number.isInteger(added) || added === 0) {
    throw new UserError('The number of tokens to add must be a whole number other than 0.');
  }
  return changeTokenTotal(db, nameOrKey, (total) => total + added, by);
}

async function changeTokenTotal(
  db: Executor,
  nameOrKey: string,
  changed: (total: number) => number,
  by: ByHand | undefined,
): Promise<User> {
  const { id } = await getUser(db, nameOrKey);
  return db.transaction(async (tx) => {
    const [user] = await tx.select(userColumns).from(users).where(eq(users.id, id)).for('update');
    if (!user) throw new UserError(`The user "${nameOrKey}" has just been deleted.`);
    const tokenTotal = changed(user.tokenTotal);
    checkTokenTotal(tokenTotal);
    await tx.update(users).set({ tokenTotal, updatedAt: new Date() }).where(eq(users.id, id));
    await recordGrant(tx, id, tokenTotal - user.tokenTotal, by);
    return { ...user, tokenTotal };
  });
}

/**
 * Restarts a user's count at 0: spent tokens are forgotten, open tasks keep their reserved token. Locks the user before
 * the tasks, like every change that refunds a token, so the two cannot deadlock.
 */
export async function resetTokenUse(db: Executor, nameOrKey: string, by?: ByHand): Promise<User> {
  const user = await getUser(db, nameOrKey);
  await db.transaction(async (tx) => {
    const [locked] = await tx
      .select({ tokenUse: users.tokenUse })
      .from(users)
      .where(eq(users.id, user.id))
      .for('update');
    // No task opens while the user is locked. Tasks are found first and then locked by id: a search that locks takes the
    // index before the task, while a change of a task takes them the other way round.
    const found = await tx
      .select({ id: tasks.id })
      .from(tasks)
      .where(and(eq(tasks.userId, user.id), inArray(tasks.status, openStatuses)));
    const candidates = await tx
      .select({ status: tasks.status })
      .from(tasks)
      .where(
        inArray(
          tasks.id,
          found.map(({ id }) => id),
        ),
      )
      .orderBy(tasks.id)
      .for('update');
    const open = candidates.filter(isOpen);
    await tx.update(users).set({ tokenUse: open.length, updatedAt: new Date() }).where(eq(users.id, user.id));
    await recordReset(tx, user.id, open.length - (locked?.tokenUse ?? 0), by);
  });
  return getUser(db, user.userName);
}
