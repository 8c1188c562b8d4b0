import type { AccountRefusal } from '@midjourney-api/shared/accounts/refusal-causes';
import type { FailCode, Task } from '@midjourney-api/shared/tasks/task';
import type { Modal } from '../discord/channel-event.ts';
import type { DiscordMessage } from '../discord/message.ts';
import { stoppedReason } from '../midjourney/signal.ts';
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
  readonly progress: number;
  /** The message that said so: the same one, edited, is no new sign of life. */
  readonly acceptedBy: string | null;
  /** Its button has to open a form, and has not yet. */
  readonly awaitsForm: boolean;
  /** When its progress message was deleted with no picture since. */
  readonly vanishedAt: number | null;
  /** The latest news that its client has not heard, unless the task ends first. */
  readonly news: News | null;
  /** Progress is passed on no earlier. */
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

/** Midjourney deletes the progress message right before it posts the picture, as a rule within a second. */
const vanishedGraceMs = 10_000;
const progressIntervalMs = 1_000;

const formMissingReason =
  "Midjourney drew without asking for a prompt: switch on remix mode in the account's /settings for that. The drawing is cancelled.";

/** Where following a task begins. One that another worker followed before continues from what is stored of it. */
export function beginFollowing(
  task: Task,
  { deadlines, silenceReason }: Pick<FollowState, 'deadlines' | 'silenceReason'>,
  now: number,
): FollowStep {
  const submittedAt = (task.submittedAt ?? task.sentAt)?.getTime() ?? now;
  return stepTo({
    deadlines,
    silenceReason,
    submittedAt,
    aliveAt: (task.progressedAt ?? task.startedAt)?.getTime() ?? submittedAt,
    started: task.startedAt !== null,
    progress: task.progress,
    acceptedBy: null,
    awaitsForm: task.action.kind === 'button' && task.action.prompt !== undefined,
    vanishedAt: null,
    news: null,
    nextProgressAt: 0,
    searchedFor: null,
  });
}

/** What a signal changes in following a task, and what has to be done about it. */
export function followStep(state: FollowState, signal: FollowSignal, now: number): FollowStep {
  const { started } = state;
  switch (signal.type) {
    case 'time passed':
      return timePassed(state, now);
    case 'ended':
      return conclude(state, 'given up');
    case 'vanished':
      return stepTo({ ...state, vanishedAt: state.vanishedAt ?? now });
    case 'taken':
      return stepTo(state);
    case 'unanswered':
      return started
        ? stepTo(state)
        : conclude(state, 'never started', fail('not_started', 'Midjourney did not answer the request.'));
    case 'modal':
      // It opens only once: whatever comes now is what the form was for.
      return stepTo({ ...state, awaitsForm: false }, { type: 'answer form', modal: signal.modal });
    case 'form answered':
      return signal.failure === undefined
        ? stepTo(state)
        : conclude(state, 'over', fail('rejected', signal.failure, { jobEnded: true }));
    case 'account refused':
      return stepTo(state, { type: 'give back', refusal: signal.refusal });
    case 'web page':
      return signal.account && !started
        ? stepTo(state, { type: 'give back', refusal: signal.account })
        : conclude(state, 'over', fail(signal.code, signal.reason, { jobEnded: true }));
    case 'accepted':
      return signal.message.id === state.acceptedBy
        ? stepTo(state)
        : stepTo({ ...state, acceptedBy: signal.message.id, aliveAt: now });
    case 'started':
      return hasStarted(state, signal.message, now);
    case 'progressed':
      return hasProgressed(state, signal, now);
    case 'finished':
      return stepTo(state, { type: 'deliver result', event: 'end', message: signal.message });
    case 'described':
      return stepTo(state, { type: 'deliver result', event: 'text', message: signal.message });
    case 'result delivered':
      // Another task has that result, so this one's is still to come.
      return signal.isTaken ? stepTo(state) : conclude(state, 'over');
    case 'refused':
      return wasRefused(state, signal);
  }
}

type Heard<T extends FollowSignal['type']> = Extract<FollowSignal, { type: T }>;

function hasStarted(state: FollowState, message: DiscordMessage, now: number): FollowStep {
  const present = { ...state, vanishedAt: null };
  // What Midjourney draws without the form is not what the client ordered.
  if (state.awaitsForm && answersButton(message))
    return conclude(present, 'given up', { type: 'cancel' }, fail('rejected', formMissingReason));
  if (state.started) return stepTo(present);
  const news = { at: now, notification: { event: 'start', message } } as const;
  return stepTo({ ...present, started: true, aliveAt: now, news });
}

function hasProgressed(
  state: FollowState,
  { message, progress }: Heard<'progressed'>,
  now: number,
): FollowStep {
  const present = { ...state, vanishedAt: null };
  if (state.started && progress <= state.progress) return stepTo(present);
  return stepTo({
    ...present,
    started: true,
    progress: Math.max(state.progress, progress),
    aliveAt: now,
    news: { at: state.nextProgressAt, notification: { event: 'generating', message, progress } },
  });
}

function wasRefused(state: FollowState, signal: Heard<'refused'>): FollowStep {
  const { message, code, reason, account } = signal;
  const refuseAccount: FollowEffect[] = account ? [{ type: 'refuse account', refusal: account }] : [];
  if (account && !state.started)
    return stepTo(state, ...refuseAccount, { type: 'give back', refusal: account });
  return conclude(state, 'over', ...refuseAccount, { type: 'deliver refusal', message, code, reason });
}

function timePassed(state: FollowState, now: number): FollowStep {
  const { news, searchedFor } = state;
  if (news && now >= news.at) {
    const nextProgressAt =
      news.notification.event === 'generating' ? now + progressIntervalMs : state.nextProgressAt;
    return stepTo({ ...state, news: null, nextProgressAt }, { type: 'notify', ...news.notification });
  }
  const { at, outcome, failure } = deadlineOf(state);
  if (now < at) return stepTo(state);
  // The history may have what the gateway missed.
  if (searchedFor !== at) return stepTo({ ...state, searchedFor: at }, { type: 'read history' });
  return conclude(state, outcome, failure);
}

/** When the task is given up if nothing more is heard of it, and how. */
function deadlineOf(state: FollowState): { at: number; outcome: Outcome; failure: FollowEffect } {
  const { deadlines, submittedAt, aliveAt, vanishedAt, started } = state;
  if (vanishedAt !== null) {
    const failure = fail('stopped', stoppedReason, { jobEnded: true });
    return { at: vanishedAt + vanishedGraceMs, outcome: 'over', failure };
  }
  const total = submittedAt + deadlines.totalMs;
  const next = aliveAt + (started ? deadlines.progressMs : deadlines.startMs);
  if (next >= total)
    return { at: total, outcome: 'given up', failure: fail('timeout', 'The task took too long in all.') };
  return started
    ? {
        at: next,
        outcome: 'given up',
        failure: fail('timeout', 'Midjourney made no progress for too long.'),
      }
    : { at: next, outcome: 'never started', failure: fail('not_started', state.silenceReason) };
}

function stepTo(state: FollowState, ...effects: FollowEffect[]): FollowStep {
  const { at } = deadlineOf(state);
  return { state, effects, wakeAt: state.news ? Math.min(at, state.news.at) : at };
}

function conclude(state: FollowState, outcome: Outcome, ...effects: FollowEffect[]): FollowStep {
  return stepTo(state, ...effects, { type: 'conclude', outcome });
}

function fail(code: FailCode, reason: string, { jobEnded = false } = {}): FollowEffect {
  return { type: 'fail', code, reason, jobEnded };
}

/** Whether it says that it answers the press of a button itself, not a form that the press opened. */
function answersButton({ interaction }: DiscordMessage): boolean {
  return interaction !== null && interaction.messageId !== null && interaction.openedBy === null;
}
