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

/** A button on a finished picture's message, as the API shows it. `action` is what this service calls it. */
export interface Button {
  label: string;
  custom_id: string;
  action?: string;
}

/** What may be wrong with a prompt, or came out otherwise than it was ordered. */
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
  /** A sentence that says what to do, where something can be done. */
  message: string;
}

/** What Midjourney says that it has drawn. */
export interface Drawn {
  /** The prompt as it repeats it, without what this service put in front. */
  prompt: string;
  model?: string;
  speed?: Speed;
  /** What the noise was made of that it began with; once somebody has asked for it. */
  seed?: number;
}

/** How fast Midjourney draws: a parameter of the prompt, or else as the account is set. */
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

/** Which of a task's changes its hook is sent. */
export const notifyChoices = ['all', 'final'] as const;
export type Notify = (typeof notifyChoices)[number];

/** The dialects in which hooks are notified. */
export type HookDialect = 'v1' | 'mj';

/** A press of a button under a picture. */
interface ButtonPress {
  messageId: string;
  messageFlags: number;
  customId: string;
  /** What to write into the form that the button opens. */
  prompt?: string;
}

/**
 * What a worker has to send to Midjourney for a task, complete: nothing needs to be looked up to send it.
 * `bot` owns the command or button; the Midjourney Bot when left out. `button` is the kind of button that the client
 * pressed, where the task's type does not say so.
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
  /** All of the task's, with those of this result. */
  warnings?: PromptIssue[] | null;
}

/**
 * The state of this service's own copy of a finished picture, which outlives Discord's links.
 * - `waiting`: to be made, or tried again
 * - `stored`
 * - `lost`: Discord no longer had it, or it was nothing to keep
 */
export type PictureCopy = 'waiting' | 'stored' | 'lost';

/** What is known of a copy that was stored. */
export interface StoredCopy {
  imageFile: string;
  /** null: it does not move. */
  durationMs: number | null;
}

/** A task as MySQL keeps it. Times are UTC. */
export interface Task {
  id: TaskId;
  userId: number;
  triggerType: TriggerType;
  action: TaskAction;
  status: TaskStatus;
  /** 0 to 100. */
  progress: number;
  /** As its client wrote it; what is sent is in the action. */
  prompt: string;
  index: number | null;
  /** The speed in the prompt; null: as the account is set. */
  speed: Speed | null;
  parentId: TaskId | null;
  /** The account that draws it: known for a follow-up from the start, otherwise once a worker sends it. */
  account: string | null;
  /** How often a worker was about to send it. */
  sendAttempts: number;
  /** Nonce of the interaction that may have reached Discord. null: it definitely did not. */
  nonce: string | null;
  sentAt: Date | null;
  /** The newest message in the channel when it was sent: nothing older can be its result. */
  sentAfterMessageId: string | null;
  /**
   * Set while it may be at Midjourney and its messages would read like those of others with the same key, of which an
   * account may have one at a time. null when no other has to wait for it.
   */
  exclusiveKey: string | null;
  /** Discord's id of the interaction, once the user's session has seen it: its messages name it. */
  interactionId: string | null;
  /** The message that shows its progress. Midjourney deletes it when the picture is done. */
  progressMessageId: string | null;
  /** Discord's link to how far the picture is; only while it is drawn. */
  previewUrl: string | null;
  /** Midjourney's id of the job, once a message has shown it. */
  jobId: string | null;
  /** When Midjourney's job ended, whatever became of the task: until then it occupies a slot of the account. */
  jobEndedAt: Date | null;
  /** Why it waits although its account could draw, for its client. */
  waitReason: string | null;
  /** Midjourney does not take it now: it is sent again then, not before. */
  retryAt: Date | null;
  /** Since when Midjourney has had it wait. */
  postponedAt: Date | null;
  /** The message that is its result, a late one included. No other task can have the same. */
  resultMessageId: string | null;
  messageId: string | null;
  messageFlags: number | null;
  messageHash: string | null;
  /** Discord's link. */
  imageUrl: string | null;
  /** Name of the stored copy, of the late picture too; null as long as there is none. */
  imageFile: string | null;
  /** null: there is no picture. */
  imageCopy: PictureCopy | null;
  mediaType: string | null;
  /** Of a video, once its copy is stored: milliseconds. */
  durationMs: number | null;
  width: number | null;
  height: number | null;
  buttons: Button[] | null;
  /** The prompts of a describe or shorten. */
  texts: string[] | null;
  /** Of a shorten: what Midjourney answered, as markdown: the words that matter, and the shorter prompts. */
  analysis: string | null;
  drawn: Drawn | null;
  /** For its client. */
  warnings: PromptIssue[] | null;
  /** The picture that came after the task had failed. Its owner sees it once they have claimed it. */
  lateResult: TaskResult | null;
  failCode: FailCode | null;
  /** For its client. */
  failReason: string | null;
  /** Details of the failure that only operators see. */
  failDetail: string | null;
  /** The client's own text, handed back as given. */
  state: string | null;
  notifyHook: string | null;
  notify: Notify;
  hookDialect: HookDialect;
  /** The request that submitted it. */
  requestId: string | null;
  /** Grows by one with each change. */
  version: number;
  /** When its owner cancelled it although it had been sent. */
  cancelRequestedAt: Date | null;
  createdAt: Date;
  submittedAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** When progress last grew. */
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

/** Whether its picture came after it had failed, and nobody has paid for it yet. */
export function isClaimable<T extends Pick<Task, 'status' | 'lateResult'>>(
  task: T,
): task is T & { lateResult: TaskResult } {
  return task.status === 'failed' && task.lateResult !== null;
}
