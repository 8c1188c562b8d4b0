import type { FailCode, Task } from '@midjourney-api/shared/tasks/task';
import type { DiscordMessage } from '../discord/message.ts';
import { isRegion } from '../midjourney/region-editor.ts';
import { stoppedReason } from '../midjourney/signal.ts';
import type {
  FollowEffect,
  FollowSignal,
  FollowState,
  FollowStep,
  LaterRefusal,
  Outcome,
} from './follow-state.ts';

/** Midjourney deletes the progress message right before it posts the picture, as a rule within a second. */
const vanishedGraceMs = 10_000;
const progressIntervalMs = 1_000;

const formMissingReason =
  "Midjourney drew without asking for a prompt: switch on remix mode in the account's /settings for that. The drawing is cancelled.";

/** The first step. A task that another worker followed before continues from what is stored of it. */
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
    isDrawn: task.progress > 0,
    progress: task.progress,
    acceptedBy: null,
    awaitsForm: task.action.kind === 'button' && task.action.prompt !== undefined && !isRegion(task.action),
    awaitsEditor: isRegion(task.action),
    notNow: null,
    vanishedAt: null,
    news: null,
    nextProgressAt: 0,
    searchedFor: null,
  });
}

/** What a signal changes, and what has to be done about it. */
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
      // Its token is good for one region: whatever comes now is about that one.
      if (state.awaitsEditor && signal.editor)
        return stepTo({ ...state, awaitsEditor: false }, { type: 'send region', editor: signal.editor });
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
      return hasResult(state, 'end', signal.message);
    case 'described':
      return hasResult(state, 'text', signal.message);
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
  const present = { ...state, vanishedAt: null, isDrawn: true, notNow: null };
  if (state.started && progress <= state.progress) return stepTo(present);
  return stepTo({
    ...present,
    started: true,
    progress: Math.max(state.progress, progress),
    aliveAt: now,
    news: { at: state.nextProgressAt, notification: { event: 'generating', message, progress } },
  });
}

function hasResult(state: FollowState, event: 'end' | 'text', message: DiscordMessage): FollowStep {
  return stepTo({ ...state, isDrawn: true, notNow: null }, { type: 'deliver result', event, message });
}

function wasRefused(state: FollowState, signal: Heard<'refused'>): FollowStep {
  if (isForNow(signal)) return wasRefusedForNow(state, signal);
  const { account } = signal;
  const refuseAccount: FollowEffect[] = account ? [{ type: 'refuse account', refusal: account }] : [];
  if (account && !state.started)
    return stepTo(state, ...refuseAccount, { type: 'give back', refusal: account });
  return conclude(state, 'over', ...refuseAccount, deliverRefusal(signal));
}

function isForNow(signal: Heard<'refused'>): signal is LaterRefusal {
  return signal.scope === 'later' || signal.scope === 'queue';
}

/**
 * Midjourney may announce a task before it refuses it. What it was seen drawing is not sent again; of the rest the
 * history is read once more, which shows a drawing that the gateway missed.
 */
function wasRefusedForNow(state: FollowState, signal: LaterRefusal): FollowStep {
  if (state.isDrawn || state.notNow) return stepTo(state);
  return stepTo({ ...state, notNow: signal }, { type: 'read history' });
}

function timePassed(state: FollowState, now: number): FollowStep {
  const { news, searchedFor, notNow } = state;
  if (notNow) return conclude(state, 'over', { type: 'postpone', refusal: notNow }, deliverRefusal(notNow));
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
  // Whatever the history had is in the inbox, and comes first.
  const wakeAt = state.notNow ? 0 : state.news ? Math.min(at, state.news.at) : at;
  return { state, effects, wakeAt };
}

function conclude(state: FollowState, outcome: Outcome, ...effects: FollowEffect[]): FollowStep {
  return stepTo(state, ...effects, { type: 'conclude', outcome });
}

function fail(code: FailCode, reason: string, { jobEnded = false } = {}): FollowEffect {
  return { type: 'fail', code, reason, jobEnded };
}

function deliverRefusal({ message, code, reason, advice }: Heard<'refused'>): FollowEffect {
  const sentence = /[.!?)]$/.test(reason) ? reason : `${reason}.`;
  return { type: 'deliver refusal', message, code, reason: advice ? `${sentence} ${advice}` : reason };
}

/** Whether it says that it answers the press of a button itself, not a form that the press opened. */
function answersButton({ interaction }: DiscordMessage): boolean {
  return interaction !== null && interaction.messageId !== null && interaction.openedBy === null;
}
