import { parseCustomId } from '../../midjourney/custom-id.ts';
import type { ShownTask } from '../find-tasks.ts';
import { hasPoster, isGrid } from '../picture.ts';
import type { MjTaskView } from './mj-task-schema.ts';
import { imageLink } from './task-view.ts';

type ShownPictures = Pick<MjTaskView, 'imageUrl' | 'videoUrl' | 'videoUrls'>;

/**
 * Links to a finished picture, or to finished videos with a still picture. Midjourney shows several videos as one animated
 * webp; if it is stored, each part of it is one video.
 */
export function viewPictures(task: ShownTask, picturesAt: string | undefined): ShownPictures {
  const link = imageLink(task, picturesAt);
  if (link === undefined) return { imageUrl: null, videoUrl: null, videoUrls: null };
  if (!isVideo(task)) return { imageUrl: link, videoUrl: null, videoUrls: null };
  const isKept = picturesAt !== undefined && hasPoster(task);
  const isFilm = task.mediaType?.startsWith('video/') ?? false;
  // An mp4 cannot be shown as a picture; an animated webp can.
  const still = isKept ? `${link}?poster=1` : isFilm ? null : link;
  const parts = isKept && isGrid(task) ? [1, 2, 3, 4].map((part) => `part=${part}`) : [];
  const videos =
    parts.length > 0
      ? parts.map((part) => ({ url: `${link}?${part}`, thumbnail: `${link}?${part}&poster=1` }))
      : [{ url: link, thumbnail: still ?? '' }];
  return { imageUrl: still, videoUrl: videos[0]?.url ?? null, videoUrls: videos };
}

/** The stored copy says whether it is a video; before that, the request does. */
function isVideo({ durationMs, mediaType, triggerType, action }: ShownTask): boolean {
  if (durationMs !== null || mediaType?.startsWith('video/')) return true;
  if (action.kind !== 'button') return triggerType === 'video';
  const { kind } = parseCustomId(action.customId);
  return kind === 'animate' || kind === 'extend_video' || kind === 'pick_video';
}
