import type { Database } from '@midjourney-api/shared/database/connect';
import { notices, tasks } from '@midjourney-api/shared/database/schema';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { deleteMasks } from '@midjourney-api/shared/tasks/task-masks';
import { archiveMovements } from '@midjourney-api/shared/tokens/ledger';
import { and, eq, inArray } from 'drizzle-orm';
import { parsePictureFile } from '../pictures/picture-file.ts';
import type { PictureStore } from '../pictures/picture-store.ts';

/** A task that has ended, as it was when it was chosen. */
export type EndedTask = Pick<Task, 'id' | 'version' | 'imageFile'>;

interface Stores {
  db: Database;
  pictures: PictureStore | undefined;
}

/** Few enough that their locks, which no client waits for, are held for milliseconds. */
export const deletionBatch = 100;

/**
 * Deletes tasks with their pictures, notices and ledger rows, whose sums stay.
 * @returns how many: those that have changed meanwhile stay.
 */
export async function deleteTasks({ db, pictures }: Stores, batch: EndedTask[]): Promise<number> {
  if (batch.length === 0) return 0;
  // Before the row that names the picture: after a crash in between, both are deleted again.
  await Promise.all(
    batch.map(async ({ imageFile }) => {
      const file = imageFile === null ? undefined : parsePictureFile(imageFile);
      if (file) await pictures?.removeFolder(file.folder);
    }),
  );
  const versions = new Map(batch.map(({ id, version }) => [id, version]));
  return db.transaction(async (tx) => {
    const locked = await tx
      .select({ id: tasks.id, version: tasks.version })
      .from(tasks)
      .where(inArray(tasks.id, [...versions.keys()]))
      .for('update', { skipLocked: true });
    const ids = locked.filter(({ id, version }) => versions.get(id) === version).map(({ id }) => id);
    if (ids.length === 0) return 0;
    await archiveMovements(tx, ids);
    await deleteMasks(tx, ids);
    await tx.delete(notices).where(inArray(notices.taskId, ids));
    await tx.delete(tasks).where(inArray(tasks.id, ids));
    return ids.length;
  });
}

/**
 * Deletes all of a user's tasks that have ended, however young.
 * @returns how many, and whether some are left that are being changed at this moment.
 */
export async function deleteTasksOfUser(
  stores: Stores,
  userId: number,
): Promise<{ deleted: number; isAll: boolean }> {
  for (let deleted = 0; ; ) {
    const batch = await stores.db
      .select({ id: tasks.id, version: tasks.version, imageFile: tasks.imageFile })
      .from(tasks)
      .where(and(eq(tasks.userId, userId), inArray(tasks.status, ['succeeded', 'failed'])))
      .orderBy(tasks.id)
      .limit(deletionBatch);
    if (batch.length === 0) return { deleted, isAll: true };
    const gone = await deleteTasks(stores, batch);
    if (gone === 0) return { deleted, isAll: false };
    deleted += gone;
  }
}
