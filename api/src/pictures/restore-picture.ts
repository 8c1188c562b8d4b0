import { cached } from '@midjourney-api/shared/concurrency/cached';
import { pictureLink } from '@midjourney-api/shared/tasks/picture';
import type { Task } from '@midjourney-api/shared/tasks/task';
import type { Dependencies } from '../dependencies.ts';
import type { Pictures } from './open-pictures.ts';
import { parsePictureFile } from './picture-file.ts';

/** A client waits for the picture. */
const timeLimitMs = 15_000;
/** How long it is not looked for again after Discord did not have it either. */
const againAfterMs = 30_000;

/**
 * Fetches a stored picture that its store has lost from Discord again, under the name that it has.
 * @returns whether the store has it now.
 */
export type RestorePicture = (task: Task) => Promise<boolean>;

export function createRestorePicture({
  pictures,
  freshLinks,
  log,
  stopping,
}: Dependencies & { pictures: Pictures }): RestorePicture {
  const underWay = new Map<string, Task>();

  async function restore(name: string): Promise<boolean> {
    const lost = underWay.get(name);
    const file = parsePictureFile(name);
    if (!lost || !file) return false;
    try {
      // Links of stored pictures are not renewed; this one counts as not stored.
      const [task = lost] = await freshLinks([{ ...lost, imageFile: null }]);
      const link = pictureLink(task);
      if (link === null) return false;
      const limit = AbortSignal.timeout(timeLimitMs);
      await pictures.copy(lost.id, link, stopping ? AbortSignal.any([limit, stopping]) : limit, file);
      log.warn({ task: lost.id }, 'a picture that the store had lost is fetched from Discord again');
      return true;
    } catch (err) {
      log.error({ err, task: lost.id }, 'the store has lost a picture, and Discord does not have it either');
      return false;
    } finally {
      underWay.delete(name);
    }
  }

  const once = cached(restore, { ms: againAfterMs });
  return async (task) => {
    if (task.imageFile === null) return false;
    underWay.set(task.imageFile, task);
    return once(task.imageFile);
  };
}
