import { timingSafeEqual } from 'node:crypto';
import { tasks } from '@midjourney-api/shared/database/schema';
import { findTask } from '@midjourney-api/shared/tasks/find-tasks';
import { isGrid, isPickOfVideo } from '@midjourney-api/shared/tasks/picture';
import { isClaimable, type Task } from '@midjourney-api/shared/tasks/task';
import { eq } from 'drizzle-orm';
import { Refusal } from '../commands/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Variant } from './draw-variant.ts';
import type { Pictures } from './open-pictures.ts';
import { originalPath, type PictureFile, parsePictureFile } from './picture-file.ts';
import { contentTypeOf } from './picture-format.ts';
import type { StoredFile } from './picture-store.ts';
import { createRestorePicture } from './restore-picture.ts';
import { createVariants, widthStep } from './variants.ts';

/** A picture that this service keeps, with the task that it is the result of. */
interface KeptPicture {
  file: PictureFile;
  task: Task;
  /** It came after its task had failed, and nobody has paid for it: only operators may see it. */
  unpaid: boolean;
}

/** Finds and opens the pictures that this service keeps, by the names of their files. */
export interface KeptPictures {
  find(fileName: string): Promise<KeptPicture | undefined>;
  /**
   * The still picture of a video.
   * @throws {Refusal} not_found, when it is no video, or no still picture of it is kept.
   */
  posterOf(picture: KeptPicture): Promise<{ picture: KeptPicture; part?: number | undefined }>;
  /**
   * The variant with the wanted part of the picture, at least as wide as wanted.
   * @throws {Refusal} not_found, when the picture has no parts or no width.
   */
  variantOf(picture: KeptPicture, wanted: Variant): Variant;
  /**
   * Fetches the picture from Discord again where the store has lost it.
   * @returns undefined when Discord does not have it either.
   * @throws {Refusal} unavailable, while too many variants are being made; not_found, when it is too large for one.
   */
  open(picture: KeptPicture, variant: Variant): Promise<StoredFile | undefined>;
}

export function createKeptPictures(deps: Dependencies & { pictures: Pictures }): KeptPictures {
  const { db, log, pictures } = deps;
  const restore = createRestorePicture(deps);
  const openVariant = createVariants(pictures.store, (err) =>
    log.warn({ err }, 'variant of a picture not stored'),
  );

  return {
    async find(fileName) {
      const file = parsePictureFile(fileName);
      const [task] = file ? await db.select().from(tasks).where(eq(tasks.id, file.taskId)) : [];
      if (!file || !task?.imageFile || !isSame(task.imageFile, file.name)) return undefined;
      return { file, task, unpaid: isClaimable(task) };
    },

    async posterOf(picture) {
      const { task, file } = picture;
      if (task.durationMs === null) throw new Refusal('not_found', 'Only a video has a poster.');
      if (contentTypeOf(file.extension).startsWith('image/')) return { picture };
      // Videos are not decoded here: the first frame of what this one was picked from is the same.
      const source =
        task.parentId !== null && isPickOfVideo(task.action) ? await findTask(db, task.parentId) : undefined;
      const sourceFile = source?.imageFile ? parsePictureFile(source.imageFile) : undefined;
      if (!source || !sourceFile || source.userId !== task.userId || source.durationMs === null)
        throw new Refusal(
          'not_found',
          'What this video was picked from is not kept, so nothing shows it still.',
        );
      const part = isGrid(source) ? (task.index ?? undefined) : undefined;
      return { picture: { file: sourceFile, task: source, unpaid: isClaimable(source) }, part };
    },

    variantOf({ file, task }, { part, width, still }) {
      if (part !== undefined && !isGrid(task)) throw new Refusal('not_found', whyNoParts(task));
      if (width !== undefined && !contentTypeOf(file.extension).startsWith('image/'))
        throw new Refusal('not_found', 'Only pictures can be made smaller; this is a video.');
      const fullWidth = task.width ?? task.lateResult?.width ?? null;
      const shownWidth = fullWidth !== null && part !== undefined ? Math.floor(fullWidth / 2) : fullWidth;
      return { part, width: width === undefined ? undefined : widthStep(width, shownWidth), still };
    },

    async open({ file, task }, variant) {
      const find = () =>
        isOriginal(variant)
          ? pictures.store.find(originalPath(file))
          : openVariant(file, task.userId, variant);
      return (await find()) ?? ((await restore(task)) ? find() : undefined);
    },
  };
}

export function isOriginal({ part, width, still }: Variant): boolean {
  return part === undefined && width === undefined && !still;
}

/** Takes the same time whatever differs, so that a name cannot be guessed piece by piece. */
function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

function whyNoParts({ durationMs }: Task): string {
  const only = 'Only a grid of four has parts.';
  return durationMs === null
    ? only
    : `${only} To have one of several videos alone, pick it by its button, U1 to U4.`;
}
