import { type Motion, motions } from '@midjourney-api/shared/midjourney/custom-id';
import type { MessageFamily } from '@midjourney-api/shared/midjourney/press-facts';
import type { DiscordMessage } from '../discord/message.ts';
import { isDescription } from './numbered-texts.ts';
import type { ParsedContent } from './parse-content.ts';
import { isVideoFile } from './video-file.ts';

/**
 * The families that a message may be of which refers to another, as those of buttons do. Several where its text
 * leaves it open; none when it reads like that of no button.
 */
export function familiesOfMessage(
  message: Pick<DiscordMessage, 'attachments' | 'embeds'>,
  content: ParsedContent | null,
): MessageFamily[] {
  if (isDescription(message)) return ['description'];
  const ofVideo = familiesOfVideo(message);
  // A video that was asked for alone, not as one of four, comes as a file too.
  const ofText = content ? familiesOfText(content) : ofVideo.length > 0 ? animations(undefined) : [];
  return [...ofVideo, ...ofText];
}

/** A picked video's file is `{job}_{which}_{size}_{n}.mp4`, whatever text comes with it. */
function familiesOfVideo({ attachments: [file] }: Pick<DiscordMessage, 'attachments'>): MessageFamily[] {
  if (!file || !isVideoFile(file)) return [];
  const which = /^[0-9a-f-]{36}_([1-4])_/i.exec(file.filename)?.[1];
  return which ? [`video ${Number(which)}`] : ['video 1', 'video 2', 'video 3', 'video 4'];
}

function familiesOfText({ action, index, detail, prompt }: ParsedContent): MessageFamily[] {
  switch (action) {
    case 'pick':
      return index === null ? [] : [`pick ${index}`];
    case 'variation':
    case 'remix':
      return [detail === 'Region' ? 'region' : 'variation'];
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
    case 'animate': {
      const [motion] = detail?.toLowerCase().split(' ') ?? [];
      return [...animations(motionNamed(motion) ?? motionIn(prompt)), 'drawing'];
    }
    case 'unknown':
      return [];
  }
}

function animations(motion: Motion | undefined): MessageFamily[] {
  return motion ? [`animate ${motion}`] : ['animate high', 'animate low'];
}

/** Whether the parameters at the end of a prompt are those of a video. */
export function isTextOfVideo(prompt: string): boolean {
  const parameters = parametersOf(prompt);
  return parameters.includes('--video') || parameters.includes('--motion');
}

function motionIn(prompt: string): Motion | undefined {
  const parameters = parametersOf(prompt);
  return motionNamed(parameters[parameters.lastIndexOf('--motion') + 1]);
}

function motionNamed(name: string | undefined): Motion | undefined {
  return motions.find((motion) => motion === name);
}

/** All that follows the first parameter: Midjourney takes no words behind it. */
function parametersOf(prompt: string): string[] {
  const words = prompt.split(/\s+/);
  const first = words.findIndex((word) => word.startsWith('--'));
  return first < 0 ? [] : words.slice(first);
}
