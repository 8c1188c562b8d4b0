import { and, desc, eq, gt, inArray, isNull, lte } from 'drizzle-orm';
import type { Database, Transaction } from '../database/connect.ts';
import { windows } from '../database/schema.ts';
import type { TaskId } from './task-id.ts';

/**
 * A button's form that a client has opened and not submitted yet, in a dialect with separate requests for the two. It costs
 * nothing and takes no slot. Its task gets its id.
 */
export type Window = typeof windows.$inferSelect;

/** How long a window can be filled in. */
const openMs = 10 * 60_000;

/** How long a window that was not filled in is still shown: as long as clients may poll it. */
const shownMs = 60 * 60_000;

const mostFound = 1_000;
const pruneBatch = 1_000;

/** The window's form was already submitted, or its user cancelled it. */
export class WindowClosed extends Error {
  override readonly name = 'WindowClosed';
}

/** How a window ended without becoming a task; undefined while it can still be filled in. */
export function endOf(
  window: Pick<Window, 'createdAt' | 'cancelledAt'>,
  now: Date,
): { why: 'cancelled' | 'timed out'; at: Date } | undefined {
  if (window.cancelledAt) return { why: 'cancelled', at: window.cancelledAt };
  const expiry = new Date(window.createdAt.getTime() + openMs);
  return now < expiry ? undefined : { why: 'timed out', at: expiry };
}

export async function storeWindow(db: Database, window: Window): Promise<void> {
  await db.insert(windows).values(window);
}

/**
 * The user's windows with these ids, or all of them, newest first, a thousand at most. Read tasks after windows, not before:
 * a window disappears as soon as its task exists.
 */
export async function findWindows(db: Database, userId: number, ids?: readonly TaskId[]): Promise<Window[]> {
  if (ids?.length === 0) return [];
  return db
    .select()
    .from(windows)
    .where(and(eq(windows.userId, userId), ids && inArray(windows.id, [...ids])))
    .orderBy(desc(windows.id))
    .limit(mostFound);
}

/** Locks windows until the transaction ends. @returns those that can become tasks. */
export async function lockWindows(tx: Transaction, ids: readonly TaskId[]): Promise<Set<TaskId>> {
  if (ids.length === 0) return new Set();
  const locked = await tx
    .select({ id: windows.id })
    .from(windows)
    .where(and(inArray(windows.id, [...ids]), isNull(windows.cancelledAt)))
    .for('update');
  return new Set(locked.map(({ id }) => id));
}

export async function removeWindows(tx: Transaction, ids: readonly TaskId[]): Promise<void> {
  if (ids.length > 0) await tx.delete(windows).where(inArray(windows.id, [...ids]));
}

/** Cancels a window. @returns whether it existed and had not ended. */
export async function cancelWindow(db: Database, userId: number, id: TaskId, now: Date): Promise<boolean> {
  const [{ affectedRows }] = await db
    .update(windows)
    .set({ cancelledAt: now })
    .where(
      and(
        eq(windows.id, id),
        eq(windows.userId, userId),
        isNull(windows.cancelledAt),
        gt(windows.createdAt, before(now, openMs)),
      ),
    );
  return affectedRows > 0;
}

/** Deletes old windows that nobody submitted. @returns how many. */
export async function pruneWindows(db: Database, now: Date): Promise<number> {
  const [{ affectedRows }] = await db
    .delete(windows)
    .where(lte(windows.createdAt, before(now, shownMs)))
    .limit(pruneBatch);
  return affectedRows;
}

function before(now: Date, ms: number): Date {
  return new Date(now.getTime() - ms);
}
