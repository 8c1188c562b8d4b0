import { type Press, parseCustomId } from '../../midjourney/custom-id.ts';
import { actionOf, wordsFor } from '../../midjourney/press-facts.ts';
import type { ShownTask } from '../find-tasks.ts';
import { isOpen, type TaskStatus } from '../statuses.ts';
import type { Button, TriggerType } from '../task.ts';
import type { MjAction, MjButton, MjTaskView } from './mj-task-schema.ts';
import { viewPictures } from './mj-videos.ts';
import { previewLink } from './task-view.ts';

/**
 * The task as clients of the mj-proxy protocol see it.
 * @param picturesAt base URL of stored pictures; without it, links lead to Discord
 */
export function viewMjTask(task: ShownTask, picturesAt?: string): MjTaskView {
  const hasSucceeded = task.status === 'succeeded';
  const action = mjActionOf(task);
  const prompt = (action === 'DESCRIBE' && numbered(task.texts)) || task.prompt;
  const botType = task.action.bot === 'niji' ? 'NIJI_JOURNEY' : 'MID_JOURNEY';
  return {
    id: task.id,
    action,
    status: statuses[task.status],
    prompt,
    promptEn: prompt,
    description: descriptionOf(task),
    state: task.state,
    submitTime: task.createdAt.getTime(),
    startTime: (task.submittedAt ?? task.startedAt)?.getTime() ?? null,
    finishTime: task.finishedAt?.getTime() ?? null,
    ...viewPictures(task, picturesAt),
    ...(isOpen(task) && { imageUrl: previewLink(task, picturesAt) ?? null }),
    imageUrls: null,
    progress: progressOf(task),
    failReason: failReasonOf(task),
    buttons: hasSucceeded ? (task.buttons ?? []).map(viewMjButton) : [],
    botType,
    mode: modeOf(task),
    properties: {
      notifyHook: task.notifyHook,
      // Which account draws it is the operator's business.
      discordInstanceId: null,
      botType,
      finalPrompt: (hasSucceeded ? finalPromptOf(task) : null) ?? '',
      finalZhPrompt: '',
    },
  };
}

/** The view of an unknown task. Clients stop at a failure, but poll for ever at an HTTP error. */
export function viewOfNoMjTask(id: string): MjTaskView {
  return {
    id,
    action: null,
    status: 'FAILURE',
    prompt: null,
    promptEn: null,
    description: null,
    state: null,
    submitTime: null,
    startTime: null,
    finishTime: null,
    imageUrl: null,
    imageUrls: null,
    videoUrl: null,
    videoUrls: null,
    progress: '',
    failReason: 'task not found',
    buttons: [],
    botType: 'MID_JOURNEY',
    mode: null,
    properties: {
      notifyHook: null,
      discordInstanceId: null,
      botType: 'MID_JOURNEY',
      finalPrompt: '',
      finalZhPrompt: '',
    },
  };
}

const statuses = {
  queued: 'NOT_START',
  submitted: 'SUBMITTED',
  running: 'IN_PROGRESS',
  succeeded: 'SUCCESS',
  failed: 'FAILURE',
} as const satisfies Record<TaskStatus, MjTaskView['status']>;

/** Gateways decide by it whether a task has ended and is to be paid: 100% only on success, empty on failure. */
function progressOf({ status, progress }: ShownTask): string {
  switch (status) {
    case 'queued':
    case 'submitted':
      return '0%';
    case 'running':
      return `${Math.min(99, Math.max(1, progress))}%`;
    case 'succeeded':
      return '100%';
    case 'failed':
      return '';
  }
}

/** The answer of a text command, or the prompt as Midjourney repeats it. */
function finalPromptOf({ analysis, texts, drawn }: ShownTask): string | undefined {
  return analysis ?? numbered(texts) ?? drawn?.prompt;
}

/** Prompts numbered as Midjourney does it; undefined if there are none. */
function numbered(texts: string[] | null): string | undefined {
  return texts?.map((text, at) => `${at + 1}\uFE0F\u20E3 ${text}`).join('\n\n') || undefined;
}

/** Gateways refund a task that has one. */
function failReasonOf({ status, failCode, failReason }: ShownTask): string | null {
  if (status !== 'failed') return null;
  if (failCode === 'cancelled') return 'cancelled';
  return failReason || failCode || 'failed';
}

function modeOf({ drawn, speed }: ShownTask): MjTaskView['mode'] {
  const known = drawn?.speed ?? speed;
  return known && (known.toUpperCase() as Uppercase<typeof known>);
}

function mjActionOf({ triggerType, action }: ShownTask): MjAction {
  if (triggerType !== 'action' || action.kind !== 'button') return actions[triggerType];
  const route = actionOf(action.customId);
  return route ? actions[route] : (actionsOfPresses[parseCustomId(action.customId).kind] ?? 'VARIATION');
}

const actions: Record<TriggerType, MjAction> = {
  generate: 'IMAGINE',
  upscale: 'UPSCALE',
  variation: 'VARIATION',
  reset: 'REROLL',
  solo_variation: 'VARIATION',
  solo_low_variation: 'VARIATION',
  solo_high_variation: 'VARIATION',
  expand: 'PAN',
  zoomout: 'ZOOM',
  describe: 'DESCRIBE',
  blend: 'BLEND',
  shorten: 'SHORTEN',
  max_upscale: 'UPSCALE',
  edit: 'EDIT',
  video: 'VIDEO',
  animate: 'VIDEO',
  vary_region: 'VARIATION',
  video_upscale: 'UPSCALE',
  extend: 'VIDEO',
  // A prompt of a describe that is drawn.
  action: 'IMAGINE',
  show: 'IMAGINE',
};

/** Presses without a route of their own; all others count as variations. */
const actionsOfPresses: Partial<Record<Press['kind'], MjAction>> = {
  outpaint: 'ZOOM',
  custom_zoom: 'ZOOM',
  described_prompt: 'IMAGINE',
  shortened_prompt: 'IMAGINE',
  all_prompts: 'IMAGINE',
  describe_again: 'DESCRIBE',
};

/** The command as a person would have typed it; presses are `/up`. */
function descriptionOf({ id, parentId, action, prompt, triggerType }: ShownTask): string {
  switch (action.kind) {
    case 'imagine':
      return `/${commands[triggerType] ?? 'imagine'} ${prompt}`;
    case 'shorten':
      return `/shorten ${prompt}`;
    case 'describe':
      return `/describe ${'link' in action ? action.link : action.uploadFilename}`;
    case 'blend':
      return `/blend ${id} ${action.uploadFilenames.length}`;
    case 'show':
      return `/show ${action.jobId}`;
    case 'button':
      return `/up ${parentId ?? ''} ${wordOfPress(parseCustomId(action.customId))}`;
  }
}

const commands: Partial<Record<TriggerType, string>> = { edit: 'edit', video: 'video' };

function wordOfPress(press: Press): string {
  switch (press.kind) {
    case 'pick':
    case 'pick_video':
      return `U${press.index}`;
    case 'variation':
      return `V${press.index}`;
    case 'reroll':
      return 'R';
    default:
      return wordsFor(press) ?? press.kind;
  }
}

/** Clients show emoji and label side by side, and search the labels for "U1" to "V4". */
function viewMjButton({ label, custom_id: customId }: Button): MjButton {
  if (isEmoji.test(label)) return { customId, emoji: label, label: '', type: 2, style: 2 };
  return { customId, emoji: emojiBeside(label, customId), label, type: 2, style: 2 };
}

function emojiBeside(label: string, customId: string): string {
  // Most buttons are these; parsing their ids would be most of the work for a long list.
  if (/^[UV][1-4]$/.test(label)) return '';
  return emojis[parseCustomId(customId).kind] ?? '';
}

const isEmoji = /^(?:\p{Extended_Pictographic}|[\d*#]\uFE0F?\u20E3)\P{L}*$/u;

/** The emojis of buttons that also have a label; only the label is stored. */
const emojis: Partial<Record<Press['kind'], string>> = {
  subtle_variation: '🪄',
  strong_variation: '🪄',
  region: '🖌️',
  zoom: '🔍',
  custom_zoom: '🔍',
  outpaint: '↔️',
  animate: '🎞️',
  extend_video: '🎞️',
  all_prompts: '🎉',
  favourite: '❤️',
};
