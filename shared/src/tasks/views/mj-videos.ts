import { parseCustomId } from '../../midjourney/custom-id.ts';
import type { ShownTask } from '../find-tasks.ts';
import { hasPoster, isGrid } from '../picture.ts';
import type { MjTaskView } from './mj-task-schema.ts';
import { imageLink } from './task-view.ts';

type ShownPictures = Pick<MjTaskView, 'imageUrl' | 'videoUrl' | 'videoUrls'>;

/**
 * A finished picture, or finished videos with the picture that shows them standing still. Midjourney shows several
 * videos as one moving webp; of a stored one each part is a video.
 */
export function viewPictures(task: ShownTask, picturesAt: string | undefined): ShownPictures {
  const link = imageLink(task, picturesAt);
  if (link === undefined) return { imageUrl: null, videoUrl: null, videoUrls: null };
  if (!isVideo(task)) return { imageUrl: link, videoUrl: null, videoUrls: null };
  const isKept = picturesAt !== undefined && hasPoster(task);
  const isFilm = task.mediaType?.startsWith('video/') ?? false;
  // What is a film cannot be shown as a picture; a webp that moves can.
  const still = isKept ? `${link}?poster=1` : isFilm ? null : link;
  const parts = isKept && isGrid(task) ? [1, 2, 3, 4].map((part) => `part=${part}`) : [];
  const videos =
    parts.length > 0
      ? parts.map((part) => ({ url: `${link}?${part}`, thumbnail: `${link}?${part}&poster=1` }))
      : [{ url: link, thumbnail: still ?? '' }];
  return { imageUrl: still, videoUrl: videos[0]?.url ?? null, videoUrls: videos };
}

/** What moves says so once it is stored; before that, the order does. */
function isVideo({ durationMs, mediaType, triggerType, action }: ShownTask): boolean {
  if (durationMs !== null || mediaType?.startsWith('video/')) return true;
  if (action.kind !== 'button') return triggerType === 'video';
  const { kind } = parseCustomId(action.customId);
  return kind === 'animate' || kind === 'extend_video' || kind === 'pick_video';
}
