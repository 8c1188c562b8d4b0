import type { StoredCopy } from '@midjourney-api/shared/tasks/task';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import pLimit from 'p-limit';
import { type AccountDownload, NotToKeep } from './download.ts';
import { durationOf } from './duration.ts';
import { newPictureFile, originalPath, type PictureFile, parsePictureFile } from './picture-file.ts';
import { contentTypeOf, pictureExtension } from './picture-format.ts';
import type { PictureStore } from './picture-store.ts';

/** Larger than any of Midjourney's: four-fold upscales have about 30 MB, videos less. */
const mostBytes = 100 * 1_024 * 1_024;
/**
 * Each is in memory as a whole, half a gigabyte if all are as large as Midjourney makes them. Fewer would hold up the
 * tasks of a busy api: a copy takes as long as Discord and the store take to answer.
 */
const atOnce = 16;

/**
 * Fetches the picture behind Discord's link and stores it.
 * @returns the copy. Nobody can guess its name before the task has it.
 * @param as the name to store it under; a new one when left out
 * @throws {NotToKeep} when another attempt is useless.
 */
export type CopyPicture = (
  taskId: TaskId,
  link: string,
  signal: AbortSignal,
  as?: PictureFile,
) => Promise<StoredCopy>;

export function createPictureCopier(download: AccountDownload, store: PictureStore): CopyPicture {
  const limit = pLimit(atOnce);
  return (taskId, link, signal, as) =>
    limit(async () => {
      signal.throwIfAborted();
      const bytes = await download(taskId, link, { mostBytes, signal });
      const extension = pictureExtension(bytes);
      if (!extension) throw new NotToKeep('The file is neither a picture nor a video.');
      const file = as ?? newPictureFile(taskId, extension);
      if (file.extension !== extension) throw new NotToKeep(`The file is no ${file.extension}.`);
      await store.put(originalPath(file), bytes, contentTypeOf(extension));
      return { imageFile: file.name, durationMs: await durationOf(bytes, extension) };
    });
}

/** Removes a stored picture that no task has: another copy was there first, or it came too late. */
export async function discardPicture(store: PictureStore, { imageFile }: StoredCopy): Promise<void> {
  const file = parsePictureFile(imageFile);
  if (file) await store.removeFolder(file.folder);
}
