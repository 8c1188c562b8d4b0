import type { TaskAction } from '@midjourney-api/shared/tasks/task';
import type { DiscordMessage } from '../discord/message.ts';
import { isDescription } from './numbered-texts.ts';
import type { ParsedContent } from './parse-content.ts';
import { isVideoFile } from './video-file.ts';

/**
 * What can be told from a job's messages about which button started it. Two buttons of one picture whose
 * messages read alike are of one family: their jobs must not run at the same time, because nothing but
 * time would tell their pictures apart.
 */
export type ResultFamily = string & { readonly __brand: 'ResultFamily' };

/** Of buttons that this program does not know: what their messages read like is not known either. */
export const unknownFamily = 'unknown' as ResultFamily;

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
  const animate = /^MJ::JOB::animate_(high|low)(?:_extend)?::/.exec(customId);
  if (animate) return `animate ${animate[1]}`;
  const video = /^MJ::JOB::video_virtual_upscale::([1-4])::/.exec(customId);
  if (video) return `video ${video[1]}`;
  if (customId.startsWith('MJ::Picread::')) return 'description';
  const pan = /^MJ::JOB::pan_(left|right|up|down)::/.exec(customId);
  if (pan) return `pan ${pan[1]}`;
  if (/^MJ::(?:Outpaint|CustomZoom)::/.test(customId)) return 'zoom';
  if (customId.startsWith('MJ::JOB::upsample_')) return 'upscale';
  return unknownFamily;
}

/**
 * The families that a message may be of which refers to another, as those of buttons do. Several where its text
 * leaves it open; none when it reads like that of no button.
 */
export function familiesOfMessage(
  message: Pick<DiscordMessage, 'attachments' | 'embeds'>,
  content: ParsedContent | null,
): ResultFamily[] {
  if (isDescription(message)) return ['description' as ResultFamily];
  const ofVideo = familiesOfVideo(message);
  // A video that was asked for alone, not as one of four, comes as a file too.
  const ofText = content ? familiesOfText(content) : ofVideo.length > 0 ? animations(undefined) : [];
  return [...ofVideo, ...ofText] as ResultFamily[];
}

/** A picked video's file is `{job}_{which}_{size}_{n}.mp4`, whatever text comes with it. */
function familiesOfVideo({ attachments: [file] }: Pick<DiscordMessage, 'attachments'>): string[] {
  if (!file || !isVideoFile(file)) return [];
  const which = /^[0-9a-f-]{36}_([1-4])_/i.exec(file.filename)?.[1];
  return which ? [`video ${which}`] : ['video 1', 'video 2', 'video 3', 'video 4'];
}

function familiesOfText({ action, index, detail, prompt }: ParsedContent): string[] {
  switch (action) {
    case 'pick':
      return [`pick ${index}`];
    case 'variation':
    case 'remix':
      return ['variation'];
    case 'imagine':
      // A video's text is its parent's, or a link, with parameters behind: a video drawn again reads the same.
      if (isTextOfVideo(prompt)) return [...animations(motionIn(prompt)), 'drawing'];
      // A finished reroll reads like a first drawing, but refers to the picture it was asked on.
      return ['drawing'];
    case 'reroll':
      return ['drawing'];
    case 'pan':
      return [`pan ${detail?.toLowerCase()}`];
    case 'zoom':
      return ['zoom'];
    case 'upscale':
      return ['upscale'];
    case 'animate':
      return [...animations(/^(high|low)\b/i.exec(detail ?? '')?.[1] ?? motionIn(prompt)), 'drawing'];
  }
}

function animations(motion: string | undefined): string[] {
  return motion ? [`animate ${motion.toLowerCase()}`] : ['animate high', 'animate low'];
}

/** Whether the parameters at the end of a prompt are those of a video. */
export function isTextOfVideo(prompt: string): boolean {
  const parameters = parametersOf(prompt);
  return parameters.includes('--video') || parameters.includes('--motion');
}

function motionIn(prompt: string): string | undefined {
  const parameters = parametersOf(prompt);
  const motion = parameters[parameters.lastIndexOf('--motion') + 1];
  return motion === 'high' || motion === 'low' ? motion : undefined;
}

/** All that follows the first parameter: Midjourney takes no words behind it. */
function parametersOf(prompt: string): string[] {
  const words = prompt.split(/\s+/);
  const first = words.findIndex((word) => word.startsWith('--'));
  return first < 0 ? [] : words.slice(first);
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
      return `${action.messageId} ${likeDrawing(familyOfButton(action.customId))}`;
  }
}

/** Videos of either motion and what is drawn again may read alike. */
function likeDrawing(family: ResultFamily): string {
  return family.startsWith('animate ') ? 'drawing' : family;
}
