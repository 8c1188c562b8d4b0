import type { TaskStatus } from './statuses.ts';
import type { TaskId } from './task-id.ts';

export const triggerTypes = [
  'generate',
  'upscale',
  'variation',
  'reset',
  'solo_variation',
  'solo_low_variation',
  'solo_high_variation',
  'expand',
  'zoomout',
  'describe',
  'blend',
  'shorten',
  'max_upscale',
  'edit',
  'video',
  'animate',
  'vary_region',
  'video_upscale',
  'extend',
  'action',
  'show',
] as const;
export type TriggerType = (typeof triggerTypes)[number];

export const failCodes = [
  'rejected',
  'invalid_parameter',
  'banned',
  'moderated',
  'stopped',
  'timeout',
  'not_started',
  'released',
  'cancelled',
  'account_unavailable',
  'verification_required',
  'internal',
] as const;
export type FailCode = (typeof failCodes)[number];

export const panDirections = ['left', 'right', 'up', 'down'] as const;
export type PanDirection = (typeof panDirections)[number];

/** A button on a finished picture's message. `action` is the route that presses it. */
export interface Button {
  label: string;
  custom_id: string;
  action?: string;
}

/** What may be wrong with a prompt, or was drawn differently than requested. */
export const promptIssueCodes = [
  'unknown_parameter',
  'bad_value',
  'not_taken',
  'not_together',
  'ignored',
  'uncertain',
  'unknown_model',
  'hook_failed',
  'banned_prompt',
  'too_long',
  'other_model',
  'other_speed',
] as const;

export interface PromptIssue {
  /** Without dashes, by its short name. */
  parameter?: string;
  code: (typeof promptIssueCodes)[number];
  /** A sentence; says what to do, if anything. */
  message: string;
}

/** What Midjourney says it drew. */
export interface Drawn {
  /** The prompt as Midjourney repeats it, without the marker. */
  prompt: string;
  model?: string;
  speed?: Speed;
  /** Known once somebody has asked for it. */
  seed?: number;
}

/** How fast Midjourney draws: a parameter of the prompt; otherwise the account's setting. */
export const speeds = ['fast', 'relax', 'turbo'] as const;
export type Speed = (typeof speeds)[number];

export function isSpeed(text: string): text is Speed {
  return speeds.some((speed) => speed === text);
}

/** The proportions that `/blend` knows, width to height. */
export const blendRatios = { portrait: '2:3', square: '1:1', landscape: '3:2' } as const;
type BlendRatio = (typeof blendRatios)[keyof typeof blendRatios];

/** Midjourney's two bots on Discord. */
export const bots = ['midjourney', 'niji'] as const;
export type Bot = (typeof bots)[number];

/** Which changes of a task are posted to its hook. */
export const notifyChoices = ['all', 'final'] as const;
export type Notify = (typeof notifyChoices)[number];

/** The dialects of notices. */
export type HookDialect = 'v1' | 'mj';

/** A press of a button under a picture. */
interface ButtonPress {
  messageId: string;
  messageFlags: number;
  customId: string;
  /** The prompt for the form that the button opens. */
  prompt?: string;
}

/**
 * Everything that a worker sends to Midjourney for a task; it need not look anything up.
 * `bot` owns the command or button; by default the Midjourney Bot. `button` is the kind of the pressed button, if the
 * trigger type does not say so.
 */
export type TaskAction = { bot?: Bot; button?: string } & (
  | { kind: 'imagine'; prompt: string }
  | ({ kind: 'describe' } & ({ uploadFilename: string } | { link: string }))
  | { kind: 'blend'; uploadFilenames: string[]; ratio: BlendRatio }
  | { kind: 'shorten'; prompt: string }
  | { kind: 'show'; jobId: string }
  | ({ kind: 'button' } & ButtonPress)
);

/** The finished result of a task, as read from Midjourney's final message. */
export interface TaskResult {
  messageId: string;
  messageFlags: number;
  messageHash: string | null;
  imageUrl: string | null;
  /** Such as `image/png` or `video/mp4`. */
  mediaType: string | null;
  width: number | null;
  height: number | null;
  buttons: Button[];
  texts: string[] | null;
  analysis?: string | null;
  drawn?: Drawn | null;
  /** All warnings of the task, including those of this result. */
  warnings?: PromptIssue[] | null;
}

/**
 * The state of this service's own copy of a finished picture, which outlives Discord's links.
 * - `waiting`: to be made or retried
 * - `stored`: made
 * - `lost`: given up, because Discord no longer had the picture or it could not be used
 */
export type PictureCopy = 'waiting' | 'stored' | 'lost';

/** A stored copy. */
export interface StoredCopy {
  imageFile: string;
  /** null: not a video. */
  durationMs: number | null;
}

/** A task as stored in MySQL. Times are UTC. */
export interface Task {
  id: TaskId;
  userId: number;
  triggerType: TriggerType;
  action: TaskAction;
  status: TaskStatus;
  /** 0 to 100. */
  progress: number;
  /** As the client wrote it; the action has what is sent. */
  prompt: string;
  index: number | null;
  /** The speed in the prompt; null: the account's setting. */
  speed: Speed | null;
  parentId: TaskId | null;
  /** The account that draws it: known for a follow-up from the start, otherwise once a worker sends it. */
  account: string | null;
  /** How many times a worker was about to send it. */
  sendAttempts: number;
  /** Nonce of the interaction that may have reached Discord. null: none definitely did. */
  nonce: string | null;
  sentAt: Date | null;
  /** The newest message in the channel when it was sent: nothing older can be its result. */
  sentAfterMessageId: string | null;
  /**
   * Set while it may be at Midjourney and its messages would look like those of other tasks with the same key, of which an
   * account may have only one at a time. null: no other task has to wait for it.
   */
  exclusiveKey: string | null;
  /** Discord's id of the interaction, once a user session has seen it; its messages name it. */
  interactionId: string | null;
  /** The message that shows its progress. Midjourney deletes it when the picture is done. */
  progressMessageId: string | null;
  /** Discord's link to the unfinished picture; only while it is drawn. */
  previewUrl: string | null;
  /** Midjourney's id of the job, once a message has shown it. */
  jobId: string | null;
  /** When Midjourney's job ended, which may be after the task did. Until then it occupies a slot of the account. */
  jobEndedAt: Date | null;
  /** Why it waits although its account could draw; shown to its client. */
  waitReason: string | null;
  /** Midjourney does not accept it now: it is sent again at this time. */
  retryAt: Date | null;
  /** When it was first postponed. */
  postponedAt: Date | null;
  /** The message with its result or late result. No other task can have the same. */
  resultMessageId: string | null;
  messageId: string | null;
  messageFlags: number | null;
  messageHash: string | null;
  /** Discord's link. */
  imageUrl: string | null;
  /** Name of the stored copy, of a late result, too; null if there is none. */
  imageFile: string | null;
  /** null: no picture. */
  imageCopy: PictureCopy | null;
  mediaType: string | null;
  /** Duration of a video in milliseconds, once its copy is stored. */
  durationMs: number | null;
  width: number | null;
  height: number | null;
  buttons: Button[] | null;
  /** The prompts of a describe or shorten. */
  texts: string[] | null;
  /** Midjourney's answer to a shorten, as markdown: the words that matter, and the shorter prompts. */
  analysis: string | null;
  drawn: Drawn | null;
  /** Shown to its client. */
  warnings: PromptIssue[] | null;
  /** The picture that arrived after the task had failed. Its owner sees it once they have claimed it. */
  lateResult: TaskResult | null;
  failCode: FailCode | null;
  /** Shown to its client. */
  failReason: string | null;
  /** Details of the failure that only operators see. */
  failDetail: string | null;
  /** The client's own text, returned as given. */
  state: string | null;
  notifyHook: string | null;
  notify: Notify;
  hookDialect: HookDialect;
  /** The request that submitted it. */
  requestId: string | null;
  /** Increases by one with each change. */
  version: number;
  /** When its owner cancelled it after it had been sent. */
  cancelRequestedAt: Date | null;
  createdAt: Date;
  submittedAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** When progress last increased. */
  progressedAt: Date | null;
}

/** Whether only one account can draw it: the one with the picture, the job or the uploaded file that it needs. */
export function isTiedToAccount({ action }: Pick<Task, 'action'>): boolean {
  switch (action.kind) {
    case 'imagine':
    case 'shorten':
      return false;
    case 'describe':
      return 'uploadFilename' in action;
    case 'show':
    case 'blend':
    case 'button':
      return true;
  }
}

/** Whether it has a late result that was not claimed yet. */
export function isClaimable<T extends Pick<Task, 'status' | 'lateResult'>>(
  task: T,
): task is T & { lateResult: TaskResult } {
  return task.status === 'failed' && task.lateResult !== null;
}
