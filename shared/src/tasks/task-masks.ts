import { eq, inArray } from 'drizzle-orm';
import type { Database, Transaction } from '../database/connect.ts';
import { taskMasks } from '../database/schema.ts';
import type { TaskId } from './task-id.ts';

export async function storeMasks(
  tx: Transaction,
  tasks: readonly { id: TaskId; mask?: Buffer | undefined }[],
): Promise<void> {
  const masks = tasks.flatMap(({ id, mask }) => (mask ? { taskId: id, bytes: mask } : []));
  if (masks.length > 0) await tx.insert(taskMasks).values(masks);
}

/** The mask that a task was submitted with. */
export async function findMask(db: Database, id: TaskId): Promise<Buffer | undefined> {
  const [found] = await db.select().from(taskMasks).where(eq(taskMasks.taskId, id));
  return found?.bytes;
}

export async function deleteMasks(tx: Transaction, ids: readonly TaskId[]): Promise<void> {
  await tx.delete(taskMasks).where(inArray(taskMasks.taskId, [...ids]));
}
