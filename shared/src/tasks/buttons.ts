import type { ResultComponent } from '../webhook/result-event.ts';
import type { Button, PanDirection, TriggerType } from './task.ts';

/**
 * The buttons under Midjourney's pictures. Which of them a picture has differs by model version, so they
 * are read from its message; `custom_id`s as seen in public clients, 2023 to 2026.
 */

/** What a follow-up asks for, before it is known which button does it. */
export type FollowUp =
  | { type: 'upscale' | 'variation'; index: number }
  | { type: 'reset' | 'solo_variation' | 'solo_low_variation' | 'solo_high_variation' }
  | { type: 'expand'; direction: PanDirection }
  | { type: 'zoomout'; zoomout: 50 | 75 };

const followUpButtons: [RegExp, TriggerType][] = [
  [/^MJ::JOB::upsample::[1-4]::/, 'upscale'],
  [/^MJ::JOB::variation::[1-4]::[^:]+::SOLO$/, 'solo_variation'],
  [/^MJ::JOB::variation::[1-4]::/, 'variation'],
  [/^MJ::JOB::reroll::/, 'reset'],
  [/^MJ::JOB::low_variation::/, 'solo_low_variation'],
  [/^MJ::JOB::high_variation::/, 'solo_high_variation'],
  [/^MJ::JOB::pan_(left|right|up|down)::/, 'expand'],
  [/^MJ::Outpaint::(50|75)::/, 'zoomout'],
];

/** The buttons of a message in reading order. Link buttons have no custom_id and are left out. */
export function readButtons(components: ResultComponent[] | undefined): Button[] {
  return (components ?? [])
    .flatMap((row) => row.components)
    .flatMap(({ custom_id, label, emoji }) => {
      if (!custom_id) return [];
      const action = actionOf(custom_id);
      return [{ label: label || emoji?.name || custom_id, custom_id, ...(action && { action }) }];
    });
}

function actionOf(customId: string): TriggerType | undefined {
  return followUpButtons.find(([pattern]) => pattern.test(customId))?.[1];
}

/** The button that does what is asked, or undefined when the picture has none. */
export function findButton(buttons: Button[], wanted: FollowUp): Button | undefined {
  for (const start of customIdStarts(wanted)) {
    const button = buttons.find(({ custom_id }) => custom_id.startsWith(start) && fits(custom_id, wanted));
    if (button) return button;
  }
  return undefined;
}

/** A grid's V1 and a single picture's plain variation start alike; only the single one ends in SOLO. */
function fits(customId: string, wanted: FollowUp): boolean {
  if (wanted.type === 'variation') return !customId.endsWith('::SOLO');
  if (wanted.type === 'solo_variation') return customId.endsWith('::SOLO');
  return true;
}

/** Starts of the custom_ids that do what is asked, the preferred one first. */
function customIdStarts(wanted: FollowUp): string[] {
  switch (wanted.type) {
    case 'upscale':
      return [`MJ::JOB::upsample::${wanted.index}::`];
    case 'variation':
      return [`MJ::JOB::variation::${wanted.index}::`];
    case 'reset':
      return ['MJ::JOB::reroll::'];
    case 'solo_variation':
      // Newer model versions have no plain variation: Vary (Strong) is what took its place.
      return ['MJ::JOB::variation::1::', 'MJ::JOB::high_variation::'];
    case 'solo_low_variation':
      return ['MJ::JOB::low_variation::'];
    case 'solo_high_variation':
      return ['MJ::JOB::high_variation::'];
    case 'expand':
      return [`MJ::JOB::pan_${wanted.direction}::`];
    case 'zoomout':
      return [`MJ::Outpaint::${wanted.zoomout}::`];
  }
}

/** The custom_id of a picture that this service did not draw, so that its buttons cannot be read. */
export function customIdFromHash(wanted: FollowUp, hash: string): string {
  switch (wanted.type) {
    case 'upscale':
      return `MJ::JOB::upsample::${wanted.index}::${hash}`;
    case 'variation':
      return `MJ::JOB::variation::${wanted.index}::${hash}`;
    case 'reset':
      return `MJ::JOB::reroll::0::${hash}::SOLO`;
    case 'solo_variation':
      return `MJ::JOB::variation::1::${hash}::SOLO`;
    case 'solo_low_variation':
      return `MJ::JOB::low_variation::1::${hash}::SOLO`;
    case 'solo_high_variation':
      return `MJ::JOB::high_variation::1::${hash}::SOLO`;
    case 'expand':
      return `MJ::JOB::pan_${wanted.direction}::1::${hash}::SOLO`;
    case 'zoomout':
      return `MJ::Outpaint::${wanted.zoomout}::1::${hash}::SOLO`;
  }
}

/** The job's UUID: the last part of a picture's file name, or undefined when there is none. */
export function hashOfFilename(filename: string): string | undefined {
  const name = filename.replace(/\.[^.]*$/, '');
  return /(?:^|_)([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i
    .exec(name)?.[1]
    ?.toLowerCase();
}
