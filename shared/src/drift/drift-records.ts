import { count, desc, eq, gt, inArray, sql } from 'drizzle-orm';
import type { Database } from '../database/connect.ts';
import { drift } from '../database/schema.ts';
import type { Drift } from './drift.ts';

export type DriftRecord = typeof drift.$inferSelect;

/** Counts a shape. The first message with it is kept as the sample. */
export async function recordDrift(
  db: Database,
  { kind, shape, sample }: Drift,
  now = new Date(),
): Promise<void> {
  await db
    .insert(drift)
    .values({ kind, shape: shape.slice(0, 255), sample, count: 1, firstSeen: now, lastSeen: now })
    .onDuplicateKeyUpdate({ set: { count: sql`${drift.count} + 1`, lastSeen: now } });
}

/** Last seen first. */
export function listDrift(db: Database): Promise<DriftRecord[]> {
  return db.select().from(drift).orderBy(desc(drift.lastSeen), desc(drift.id));
}

export async function findDrift(db: Database, id: number): Promise<DriftRecord | undefined> {
  const [found] = await db.select().from(drift).where(eq(drift.id, id));
  return found;
}

/** @returns whether there was such a record. */
export async function forgetDrift(db: Database, id: number): Promise<boolean> {
  const [{ affectedRows }] = await db.delete(drift).where(eq(drift.id, id));
  return affectedRows > 0;
}

/** Keeps the shapes of each kind that were seen last. @returns how many were deleted. */
export async function pruneDrift(db: Database, shapesOfKind = 100): Promise<number> {
  const full = await db
    .select({ kind: drift.kind })
    .from(drift)
    .groupBy(drift.kind)
    .having(gt(count(), shapesOfKind));
  let pruned = 0;
  for (const { kind } of full) {
    const old = await db
      .select({ id: drift.id })
      .from(drift)
      .where(eq(drift.kind, kind))
      .orderBy(desc(drift.lastSeen), desc(drift.id))
      .limit(1_000)
      .offset(shapesOfKind);
    const ids = old.map(({ id }) => id);
    const [{ affectedRows }] = await db.delete(drift).where(inArray(drift.id, ids));
    pruned += affectedRows;
  }
  return pruned;
}
