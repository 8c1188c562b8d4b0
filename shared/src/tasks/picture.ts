import { createHash } from 'node:crypto';
import { parseCustomId } from '../midjourney/custom-id.ts';
import { isOpen } from './statuses.ts';
import type { Task } from './task.ts';

type WithPicture = Pick<Task, 'imageUrl' | 'lateResult'>;

/** Discord's link to the task's picture or late result; null if there is none. */
export function pictureLink({ imageUrl, lateResult }: WithPicture): string | null {
  return imageUrl ?? lateResult?.imageUrl ?? null;
}

/**
 * The name under which this service serves the unfinished picture of a running task; undefined if there is none. Nobody can
 * guess it, because it is a hash of Discord's signed link. It changes with each new link.
 */
export function previewName({
  id,
  status,
  previewUrl,
}: Pick<Task, 'id' | 'status' | 'previewUrl'>): string | undefined {
  if (!isOpen({ status }) || previewUrl === null) return undefined;
  return `${id}-${createHash('sha256').update(previewUrl).digest('hex').slice(0, 32)}`;
}

/** Whether it shows four pictures or videos, each with a button to pick it. */
export function isGrid({ buttons, lateResult }: Pick<Task, 'buttons' | 'lateResult'>): boolean {
  const picks = (buttons ?? lateResult?.buttons ?? []).filter(({ custom_id }) => isPick(custom_id));
  return picks.length === 4;
}

function isPick(customId: string): boolean {
  const { kind } = parseCustomId(customId);
  return kind === 'pick' || kind === 'pick_video';
}

/**
 * Whether there is a still picture of a stored video: the first frame of an animated webp, or for an mp4 that was picked
 * from one, the first frame of that webp. Nothing here decodes mp4.
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
 * When a link to a Discord attachment expires: its parameter `ex`, seconds in hexadecimal.
 * @returns undefined for a link without it
 */
export function linkExpiry(link: string): Date | undefined {
  if (!URL.canParse(link)) return undefined;
  const seconds = /^[0-9a-f]{1,10}$/i.exec(new URL(link).searchParams.get('ex') ?? '')?.[0];
  return seconds === undefined ? undefined : new Date(Number.parseInt(seconds, 16) * 1_000);
}
