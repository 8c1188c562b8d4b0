import { createHash } from 'node:crypto';
import { parseCustomId } from '../midjourney/custom-id.ts';
import { isOpen } from './statuses.ts';
import type { Task } from './task.ts';

type WithPicture = Pick<Task, 'imageUrl' | 'lateResult'>;

/** Discord's link to the task's picture, the late one included; null when it has none. */
export function pictureLink({ imageUrl, lateResult }: WithPicture): string | null {
  return imageUrl ?? lateResult?.imageUrl ?? null;
}

/**
 * The name under which this service shows how far the task's picture is; undefined while there is nothing to see, and
 * once it has ended. Discord's link is signed, so that nobody can guess it, nor a name made of it. Each is another.
 */
export function previewName({
  id,
  status,
  previewUrl,
}: Pick<Task, 'id' | 'status' | 'previewUrl'>): string | undefined {
  if (!isOpen({ status }) || previewUrl === null) return undefined;
  return `${id}-${createHash('sha256').update(previewUrl).digest('hex').slice(0, 32)}`;
}

/** Whether it shows four pictures or videos, each of which Midjourney offers to pick. */
export function isGrid({ buttons, lateResult }: Pick<Task, 'buttons' | 'lateResult'>): boolean {
  const picks = (buttons ?? lateResult?.buttons ?? []).filter(({ custom_id }) => isPick(custom_id));
  return picks.length === 4;
}

function isPick(customId: string): boolean {
  const { kind } = parseCustomId(customId);
  return kind === 'pick' || kind === 'pick_video';
}

/**
 * Whether its stored copy can be shown standing still: what moves has a first frame, and a film that was picked has
 * that of the moving picture it was picked from. Nothing here decodes films.
 */
export function hasPoster({
  imageFile,
  mediaType,
  durationMs,
  parentId,
  action,
}: Pick<Task, PosterFields>): boolean {
  if (imageFile === null || durationMs === null) return false;
  return !mediaType?.startsWith('video/') || (parentId !== null && isPickOfVideo(action));
}

type PosterFields = 'imageFile' | 'mediaType' | 'durationMs' | 'parentId' | 'action';

/** Whether the task picks one of several videos. */
export function isPickOfVideo(action: Task['action']): boolean {
  return action.kind === 'button' && parseCustomId(action.customId).kind === 'pick_video';
}

/**
 * When a link to one of Discord's attachments expires: `ex`, seconds in hexadecimal.
 * @returns undefined for a link that does not say.
 */
export function linkExpiry(link: string): Date | undefined {
  if (!URL.canParse(link)) return undefined;
  const seconds = /^[0-9a-f]{1,10}$/i.exec(new URL(link).searchParams.get('ex') ?? '')?.[0];
  return seconds === undefined ? undefined : new Date(Number.parseInt(seconds, 16) * 1_000);
}
