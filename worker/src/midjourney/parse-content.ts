import type { Speed } from '@midjourney-api/shared/tasks/task';
import { withoutMarker } from './marker.ts';

/**
 * Reads the content of the Midjourney Bot's messages. Forms as seen in public clients, their tests and
 * issue threads, 2023 to 2026; labelled samples in message-samples.json.
 */

type MidjourneyAction =
  | 'imagine'
  | 'pick'
  | 'variation'
  | 'remix'
  | 'reroll'
  | 'pan'
  | 'zoom'
  | 'upscale'
  | 'animate'
  /** In words that are new at Midjourney. */
  | 'unknown';

export interface ParsedContent {
  /** The prompt as Midjourney echoes it: not as it was sent. */
  prompt: string;
  action: MidjourneyAction;
  /** What stands behind the action: "Strong", "Subtle", "Left", "2x". */
  detail: string | null;
  /** Which of the four: 1 to 4. */
  index: number | null;
  userId: string | null;
  status: 'waiting' | 'running' | 'paused' | 'stopped' | 'done';
  /** Per cent, while running. */
  progress: number | null;
  jobId: string | null;
}

/**
 * A prompt may hold anything, also text that looks like the frame around it. But it can neither come before
 * the first `**` nor after the last frame: so the frame is read strictly, from both ends of the message, and
 * the greedy middle is the prompt.
 */
const frame = new RegExp(
  [
    /^(?:(?<making>Making variations for image #(?<making_index>[1-4]) with prompt )|(?<picking>Upscaling image #(?<picking_index>[1-4]) with )|(?<rerolling>Rerolling )|(?<animating>Creating video with prompt ))?/,
    /\*\*(?<prompt>[\s\S]*)\*\* - /,
    /(?:Image #(?<index>[1-4]) |(?<action>Variations|Remix|Pan|Zoom Out|Upscaled|Upscaling|Animate|[A-Z][a-z]{1,15}(?: [A-Z][a-z]{1,15}){0,2})(?: \((?<detail>[\w ]{1,20})\)| (?<direction>Left|Right|Up|Down))? by )?/,
    /<@!?(?<user>\d+)>/,
    /(?<notes>(?: ?(?:\([^()*<>\n]{1,60}\)|\[\(?[\w ]{1,60}\)?\]\((?:<https:\/\/[^\s()*<>]{1,200}>|https:\/\/[^\s()*<>]{1,200})\)))*)/,
    // Small print may follow on lines of its own.
    /(?:\s*\n-# [^\n]*)*\s*$/,
  ]
    .map((part) => part.source)
    .join(''),
);

const actions: Record<string, MidjourneyAction> = {
  Variations: 'variation',
  Remix: 'remix',
  Pan: 'pan',
  'Zoom Out': 'zoom',
  Upscaled: 'upscale',
  Upscaling: 'upscale',
  Animate: 'animate',
};

/** @returns null when the content is not that of a job: a refusal, an answer to /info, somebody's chat. */
export function parseContent(content: string): ParsedContent | null {
  const groups = frame.exec(content)?.groups;
  if (!groups) return null;
  const notes = groups.notes ?? '';
  const progress = percentage.exec(notes)?.[1];
  const index = groups.index ?? groups.making_index ?? groups.picking_index;
  return {
    prompt: groups.prompt ?? '',
    action: actionOf(groups),
    detail: groups.detail ?? groups.direction ?? null,
    index: index ? Number(index) : null,
    userId: groups.user ?? null,
    status: statusOf(notes),
    progress: progress ? Math.min(Number(progress), 100) : null,
    jobId: /midjourney\.com\/jobs\/([0-9a-f-]{36})/.exec(notes)?.[1] ?? null,
  };
}

const modes: Record<string, Speed> = { fast: 'fast', relaxed: 'relax', turbo: 'turbo' };

/** What a message with a picture says that was drawn; undefined when it does not say it. */
export function readDrawn(content: string): { prompt: string; speed?: Speed } | undefined {
  const groups = frame.exec(content)?.groups;
  if (!groups) return undefined;
  const mode = /\((fast|relaxed|turbo)(?:, [\w ]+)?\)/.exec(groups.notes ?? '')?.[1];
  const speed = mode === undefined ? undefined : modes[mode];
  return { prompt: withoutMarker(groups.prompt ?? ''), ...(speed && { speed }) };
}

function actionOf(groups: Record<string, string | undefined>): MidjourneyAction {
  if (groups.making) return 'variation';
  if (groups.picking || groups.index) return 'pick';
  if (groups.rerolling) return 'reroll';
  if (groups.animating) return 'animate';
  return groups.action ? (actions[groups.action] ?? 'unknown') : 'imagine';
}

const percentage = /\((\d{1,3})(?:\.\d+)? ?%\)/;
const note = /\(([^()*<>]+)\)/g;
/** Of a picture that is there: how it was drawn, and where a larger one is. */
const noteOfResult = /^(?:(?:fast|relaxed|turbo)\b.*|open on website.*|https:.*)$/i;

/** A note in words that are not known here says that the job has not ended: otherwise a preview could end it. */
function statusOf(notes: string): ParsedContent['status'] {
  if (/\(waiting to start\)/i.test(notes)) return 'waiting';
  if (/\(stopped\)/i.test(notes)) return 'stopped';
  if (/\(paused\)/i.test(notes)) return 'paused';
  const isResult = [...notes.matchAll(note)].every(([, text = '']) => noteOfResult.test(text));
  return isResult ? 'done' : 'running';
}
