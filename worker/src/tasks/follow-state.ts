import type { AccountRefusal } from '@midjourney-api/shared/accounts/refusal-causes';
import type { FailCode } from '@midjourney-api/shared/tasks/task';
import type { Modal } from '../discord/channel-event.ts';
import type { DiscordMessage } from '../discord/message.ts';
import type { Editor } from '../midjourney/region-editor.ts';
import type { TaskSignal } from './active-task.ts';

export interface Deadlines {
  /** Milliseconds from Discord's 204 to Midjourney's first message. */
  startMs: number;
  /** Milliseconds without progress. */
  progressMs: number;
  /** Milliseconds in all. */
  totalMs: number;
}

/** What is known of a task that Discord accepted. Times are milliseconds since 1970. */
export interface FollowState {
  readonly deadlines: Deadlines;
  /** Why nothing may have been heard of the task, for its client. */
  readonly silenceReason: string;
  readonly submittedAt: number;
  /** Midjourney gave a sign that it works on the task, or further progress. */
  readonly aliveAt: number;
  readonly started: boolean;
  /** A percentage was seen, or a picture of it. */
  readonly isDrawn: boolean;
  readonly progress: number;
  /** The message that said so: the same one, edited, is no new sign of life. */
  readonly acceptedBy: string | null;
  /** Its button has to open a form, and has not yet. */
  readonly awaitsForm: boolean;
  /** Its button has to open Midjourney's editor, and has not yet. */
  readonly awaitsEditor: boolean;
  /** Why the task is to be sent again later, unless the history shows that it is drawn all the same. */
  readonly notNow: LaterRefusal | null;
  /** When its progress message was deleted with no picture since. */
  readonly vanishedAt: number | null;
  /** The latest progress that is still to be delivered, unless the task ends first. */
  readonly news: News | null;
  /** Progress is delivered no earlier. */
  readonly nextProgressAt: number;
  /** The deadline for which the history has been searched. */
  readonly searchedFor: number | null;
}

type Notification = { message: DiscordMessage } & (
  | { event: 'start' }
  | { event: 'generating'; progress: number }
);

interface News {
  notification: Notification;
  /** When to deliver it, if nothing newer comes first. */
  at: number;
}

/** Midjourney does not take the task now, and wants it again later. */
export type LaterRefusal = Extract<TaskSignal, { type: 'refused' }> & { scope: 'later' | 'queue' };

export type FollowSignal =
  | TaskSignal
  /** Nothing came until `wakeAt`. */
  | { type: 'time passed' }
  /** The form was sent back. `failure`: why that was not possible. */
  | { type: 'form answered'; failure: string | undefined }
  /** The form was not sent back, because Discord refuses the account. */
  | { type: 'account refused'; refusal: AccountRefusal }
  /** The api committed a result. `isTaken`: it did not, since the message is another task's result. */
  | { type: 'result delivered'; isTaken: boolean };

/**
 * `over`: Midjourney has nothing of it under way. `given up`: the task failed, but Midjourney may still draw it.
 * `never started`: Midjourney gave no sign of it.
 */
export type Outcome = 'over' | 'given up' | 'never started';

export type FollowEffect =
  /** Delivers progress, once: the next event makes it old. */
  | ({ type: 'notify' } & Notification)
  /** Reads what the gateway may have missed, before the task is given up. */
  | { type: 'read history' }
  /** Leads to `form answered` or `account refused`. */
  | { type: 'answer form'; modal: Modal }
  /** Leads to `form answered`. */
  | { type: 'send region'; editor: Editor }
  /** Makes Midjourney stop drawing. */
  | { type: 'cancel' }
  /** Stops sending on the account. */
  | { type: 'refuse account'; refusal: AccountRefusal }
  /** Leads to `result delivered`. */
  | { type: 'deliver result'; event: 'end' | 'text'; message: DiscordMessage }
  /** Fails the task with a message of Midjourney's. */
  | { type: 'deliver refusal'; message: DiscordMessage; code: FailCode; reason: string }
  /** Fails the task for a reason that no message states. `jobEnded`: Midjourney has nothing of it under way. */
  | { type: 'fail'; code: FailCode; reason: string; jobEnded: boolean }
  /** The last effect: the task was not drawn, and waits until it is sent again; nothing happens if that is too late. */
  | { type: 'postpone'; refusal: LaterRefusal }
  /** The last effect: the task was definitely not drawn, and waits again for an account that is not refused. */
  | { type: 'give back'; refusal: AccountRefusal }
  /** The last effect: the task is followed no longer. */
  | { type: 'conclude'; outcome: Outcome };

export interface FollowStep {
  state: FollowState;
  /** To be carried out in this order. */
  effects: FollowEffect[];
  /** When time passes without a signal, in milliseconds since 1970. */
  wakeAt: number;
}
