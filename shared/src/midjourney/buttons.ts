import type { Button, PanDirection, TriggerType } from '../tasks/task.ts';
import { buttonsIn } from './components.ts';

/**
 * The buttons under Midjourney's pictures. Which of them a picture has differs by model version, so they
 * are read from its message; `custom_id`s as seen in public clients, 2023 to 2026.
 */

/** What a follow-up asks for, before it is known which button does it. */
export type FollowUp =
  | { type: 'upscale' | 'variation'; index: number }
  | { type: 'reset' | 'solo_variation' | 'solo_low_variation' | 'solo_high_variation' }
  | { type: 'expand'; direction: PanDirection }
  | { type: 'zoomout'; zoomout: 50 | 75 }
  | { type: 'max_upscale'; style: 'subtle' | 'creative' }
  | { type: 'animate'; motion: 'high' | 'low' };

const followUpButtons: [RegExp, TriggerType | 'video_upscale'][] = [
  [/^MJ::JOB::upsample::[1-4]::/, 'upscale'],
  [/^MJ::JOB::upsample_/, 'max_upscale'],
  [/^MJ::JOB::variation::[1-4]::[^:]+::SOLO$/, 'solo_variation'],
  [/^MJ::JOB::variation::[1-4]::/, 'variation'],
  [/^MJ::JOB::reroll::/, 'reset'],
  [/^MJ::JOB::low_variation::/, 'solo_low_variation'],
  [/^MJ::JOB::high_variation::/, 'solo_high_variation'],
  [/^MJ::JOB::pan_(left|right|up|down)::/, 'expand'],
  [/^MJ::Outpaint::(50|75)::/, 'zoomout'],
  [/^MJ::JOB::animate_(high|low)::/, 'animate'],
  [/^MJ::JOB::video_virtual_upscale::[1-4]::/, 'video_upscale'],
];

/** Buttons that draw nothing by being pressed, and why: for people. */
const useless: [RegExp, string][] = [
  [/^MJ::Inpaint::/, "opens Midjourney's web editor, which a program cannot use: vary a region there"],
  [/^MJ::BOOKMARK::/, 'only marks a favourite at Midjourney and draws nothing'],
  [
    /^MJ::Job::(?:PicReader|PromptAnalyzer)::all$/,
    'draws all texts at once, which are several pictures: press their numbers one by one',
  ],
  [/^MJ::CancelJob::/, 'cancels the job: that is what POST /cancel is for'],
];

/** Buttons that open a form for a prompt, always or where the account is in remix mode. */
const asksAlways = /^MJ::CustomZoom::/;
const asksPerhaps =
  /^MJ::(?:CustomZoom|JOB::(?:low_|high_)?variation|JOB::reroll|JOB::pan_\w+|Job::PicReader|Job::PromptAnalyzer)::/;

/** Why pressing this button would not draw anything, or undefined when it would. */
export function objectionToPress(customId: string): string | undefined {
  return useless.find(([pattern]) => pattern.test(customId))?.[1];
}

/** Whether the button draws only once a form that it opens has been filled in. */
export function asksForPrompt(customId: string): boolean {
  return asksAlways.test(customId);
}

/** Whether the button may open a form for a prompt. */
export function takesPrompt(customId: string): boolean {
  return asksPerhaps.test(customId);
}

/** Which of the four pictures a button is about; null for none. */
export function indexOfButton(customId: string): number | null {
  const index = /^MJ::JOB::(?:upsample|variation|video_virtual_upscale)::([1-4])::(?!.*::SOLO$)/.exec(
    customId,
  )?.[1];
  return index ? Number(index) : null;
}

/** The number of the text that a button draws, of a description or of shortened prompts; null for none. */
export function numberOfText(customId: string): number | null {
  const number = /^MJ::Job::(?:PicReader|PromptAnalyzer)::([1-9])$/.exec(customId)?.[1];
  return number ? Number(number) : null;
}

/** Whether the button draws a text only once the form has been sent back in which it stands. */
export function asksAboutText(customId: string): boolean {
  return /^MJ::Job::PicReader::[1-9]$/.test(customId);
}

/** The buttons of a message in reading order. Link buttons have no custom_id and are left out. */
export function readButtons(components: readonly unknown[] | undefined): Button[] {
  return buttonsIn(components).flatMap(({ custom_id, label, emoji }) => {
    if (!custom_id) return [];
    const action = actionOf(custom_id);
    return [{ label: label || emoji?.name || custom_id, custom_id, ...(action && { action }) }];
  });
}

function actionOf(customId: string): Button['action'] {
  return followUpButtons.find(([pattern]) => pattern.test(customId))?.[1];
}

/** What kind of button it is: the route that presses it, or else Midjourney's own name for it. */
export function kindOfButton(customId: string): string {
  const [, group = '', name = ''] = customId.split('::');
  const own = /^job$/i.test(group) ? name : group;
  return actionOf(customId) ?? own.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
}

/** The button that does what is asked, or undefined when the picture has none. */
export function findButton(buttons: Button[], wanted: FollowUp): Button | undefined {
  for (const pattern of buttonsThatDo(wanted)) {
    const button = buttons.find(({ custom_id }) => pattern.test(custom_id));
    if (button) return button;
  }
  return undefined;
}

/** The custom_ids that do what is asked, the preferred one first. */
function buttonsThatDo(wanted: FollowUp): RegExp[] {
  switch (wanted.type) {
    case 'upscale':
      return [new RegExp(`^MJ::JOB::upsample::${wanted.index}::`)];
    case 'variation':
      // A grid's V1 and a single picture's plain variation start alike; only the single one ends in SOLO.
      return [new RegExp(`^MJ::JOB::variation::${wanted.index}::(?!.*::SOLO$)`)];
    case 'reset':
      return [/^MJ::JOB::reroll::/];
    case 'solo_variation':
      // Newer model versions have no plain variation: Vary (Strong) is what took its place.
      return [/^MJ::JOB::variation::1::.*::SOLO$/, /^MJ::JOB::high_variation::/];
    case 'solo_low_variation':
      return [/^MJ::JOB::low_variation::/];
    case 'solo_high_variation':
      return [/^MJ::JOB::high_variation::/];
    case 'expand':
      return [new RegExp(`^MJ::JOB::pan_${wanted.direction}::`)];
    case 'zoomout':
      return [new RegExp(`^MJ::Outpaint::${wanted.zoomout}::`)];
    case 'max_upscale':
      // Version 5 knows twice and four times as large, still older ones a single way.
      return wanted.style === 'subtle'
        ? [/^MJ::JOB::upsample_\w+_subtle::/, /^MJ::JOB::upsample_\w+_2x::/, /^MJ::JOB::upsample_max::/]
        : [/^MJ::JOB::upsample_\w+_creative::/, /^MJ::JOB::upsample_\w+_4x::/, /^MJ::JOB::upsample_max::/];
    case 'animate':
      return [new RegExp(`^MJ::JOB::animate_${wanted.motion}::`)];
  }
}

/**
 * The custom_id of a picture that this service did not draw, so that its buttons cannot be read; undefined when
 * it is another one in each model version.
 */
export function customIdFromHash(wanted: FollowUp, hash: string): string | undefined {
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
    case 'animate':
      return `MJ::JOB::animate_${wanted.motion}::1::${hash}::SOLO`;
    case 'max_upscale':
      return undefined;
  }
}

/** The job's UUID: the last part of a picture's file name, or undefined when there is none. */
export function hashOfFilename(filename: string): string | undefined {
  const name = filename.replace(/\.[^.]*$/, '');
  return /(?:^|_)([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i
    .exec(name)?.[1]
    ?.toLowerCase();
}
