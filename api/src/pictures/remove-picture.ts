import { tasks } from '@midjourney-api/shared/database/schema';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { and, eq, sql } from 'drizzle-orm';
import type { Dependencies } from '../dependencies.ts';
import { parseImageFile } from './image-file.ts';

/**
 * Forgets the stored picture of a task, with everything that was made of it. Nobody finds it any more from then on.
 * The row goes first: a crash in between leaves files that nobody can ask for.
 * @returns false when the task had none.
 */
export async function removePicture(
  { db, pictures }: Pick<Dependencies, 'db' | 'pictures'>,
  id: TaskId,
): Promise<boolean> {
  const [task] = await db.select({ imageFile: tasks.imageFile }).from(tasks).where(eq(tasks.id, id));
  const file = task?.imageFile ? parseImageFile(task.imageFile) : undefined;
  if (!file || !pictures) return false;
  await db
    .update(tasks)
    .set({ imageFile: null, imageCopy: 'removed', version: sql`${tasks.version} + 1` })
    .where(and(eq(tasks.id, id), eq(tasks.imageFile, file.name)));
  await pictures.store.removeFolder(file.folder);
  return true;
}
