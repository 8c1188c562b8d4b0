import type { TaskAction } from '@midjourney-api/shared/tasks/task';
import { readMarker } from './marker.ts';
import type { ParsedContent } from './parse-content.ts';

/**
 * What can be told from a job's messages about which button started it. Two buttons of one picture whose
 * messages read alike are of one family: their jobs must not run at the same time, because nothing but
 * time would tell their pictures apart.
 */
export type ResultFamily = string & { readonly __brand: 'ResultFamily' };

/** Of buttons that this program does not know: what their messages read like is not known either. */
export const unknownFamily = 'unknown' as ResultFamily;

/** Of what describes a picture anew. */
export const descriptionFamily = 'description' as ResultFamily;

/** The family of the messages that pressing this button brings. */
export function familyOfButton(customId: string): ResultFamily {
  return buttonFamily(customId) as ResultFamily;
}

function buttonFamily(customId: string): string {
  const pick = /^MJ::JOB::upsample::([1-4])::/.exec(customId);
  if (pick) return `pick ${pick[1]}`;
  // V1 to V4, Vary (Subtle) and Vary (Strong), remixed or not: their first messages may read alike.
  if (/^MJ::JOB::(?:low_|high_)?variation::/.test(customId)) return 'variation';
  // What numbered prompts draw reads like a first drawing too.
  if (/^MJ::(?:JOB::reroll|Job::PicReader|Job::PromptAnalyzer)::/.test(customId)) return 'drawing';
  const animate = /^MJ::JOB::animate_(high|low)::/.exec(customId);
  if (animate) return `animate ${animate[1]}`;
  if (customId.startsWith('MJ::Picread::')) return 'description';
  const pan = /^MJ::JOB::pan_(left|right|up|down)::/.exec(customId);
  if (pan) return `pan ${pan[1]}`;
  if (/^MJ::(?:Outpaint|CustomZoom)::/.test(customId)) return 'zoom';
  if (customId.startsWith('MJ::JOB::upsample_')) return 'upscale';
  return unknownFamily;
}

/** The family of a button's message. Messages of commands have none: this is for messages that refer to another. */
export function familyOfMessage(content: ParsedContent): ResultFamily {
  return messageFamily(content) as ResultFamily;
}

function messageFamily({ action, index, detail, prompt }: ParsedContent): string {
  const motion = motionOfVideo(prompt);
  if (motion) return `animate ${motion}`;
  switch (action) {
    case 'pick':
      return `pick ${index}`;
    case 'variation':
    case 'remix':
      return 'variation';
    case 'imagine':
    // A finished reroll reads like a first drawing, but refers to the picture it was asked on.
    case 'reroll':
      return 'drawing';
    case 'pan':
      return `pan ${detail?.toLowerCase()}`;
    case 'zoom':
      return 'zoom';
    case 'upscale':
      return 'upscale';
  }
}

/**
 * What a video's prompt is rewritten to end in. A prompt with a marker is its client's own, whatever it ends in:
 * nothing of that is left in a video's.
 */
function motionOfVideo(prompt: string): string | undefined {
  if (readMarker(prompt)) return undefined;
  return /(?:^|\s)--motion (high|low)(?:\s+--video \d+)?\s*$/.exec(prompt)?.[1];
}

/**
 * Tasks with the same key could not be told apart while both are drawn, so they run one after the other.
 * null for a drawing with a marker of its own.
 */
export function exclusiveKey(action: TaskAction): string | null {
  switch (action.kind) {
    case 'imagine':
      return null;
    case 'describe':
      return `describe ${action.uploadFilename}`;
    // Their messages hold neither a marker nor a link that tells whose they are.
    case 'blend':
    case 'shorten':
      return action.kind;
    case 'show':
      return `show ${action.jobId}`;
    case 'button':
      return `${action.messageId} ${familyOfButton(action.customId)}`;
  }
}
