import type { Task } from './task.ts';

type WithPicture = Pick<Task, 'imageUrl' | 'lateResult'>;

/** Discord's link to the task's picture, the late one included; null when it has none. */
export function pictureLink({ imageUrl, lateResult }: WithPicture): string | null {
  return imageUrl ?? lateResult?.imageUrl ?? null;
}

/** Whether the picture shows four, each of which Midjourney offers to pick. */
export function isGrid({ buttons, lateResult }: Pick<Task, 'buttons' | 'lateResult'>): boolean {
  return (buttons ?? lateResult?.buttons ?? []).some(({ action }) => action === 'upscale');
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
