import type { AccountRefusal } from '@midjourney-api/shared/accounts/refusal-causes';
import type { ResultAnswer, ResultEvent } from '@midjourney-api/shared/results/result-event';
import type { FailCode } from '@midjourney-api/shared/tasks/task';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { Modal } from '../discord/channel-event.ts';
import { AccountRefused } from '../discord/rest/account-refused.ts';
import type { Editor } from '../midjourney/region-editor.ts';
import { type Delivery, DeliveryRefused } from '../results/delivery.ts';
import { failureEvent, resultEventOf } from '../results/result-event-of.ts';
import type { ActiveTask } from './active-task.ts';
import type { Deadlines, FollowEffect, FollowSignal, LaterRefusal, Outcome } from './follow-state.ts';
import { beginFollowing, followStep } from './follow-step.ts';

export interface FollowContext {
  delivery: Delivery;
  deadlines: Deadlines;
  /** Reads what the gateway may have missed from the channel's history into the inboxes. */
  readHistory(): Promise<void>;
  /**
   * Submits a form that Midjourney opened. @returns why that was not possible, if so.
   * @throws {AccountRefused} when Discord refuses the account.
   */
  answerModal(modal: Modal): Promise<string | undefined>;
  /** Sends the task's region to Midjourney's editor, once. @returns why it was definitely not taken, if so. */
  sendRegion(editor: Editor): Promise<string | undefined>;
  /** Makes Midjourney stop drawing it. */
  cancel(): void;
  /** Called when Midjourney refuses the account itself. */
  accountRefused(refusal: AccountRefusal): void;
  /**
   * Makes the task wait until Midjourney may take it, unless that would be too late.
   * @throws {Postponed} when it waits.
   */
  postpone(refusal: LaterRefusal): Promise<void>;
  /** Puts the task back in its queue: it was definitely not drawn. */
  giveBack(): Promise<void>;
  /** Why nothing may have been heard of a task that Discord accepted, for its client. */
  silenceReason: string;
  now(): number;
}

/**
 * Follows a task that Discord accepted until its outcome is committed: delivers progress at most once a second and the
 * end at once, and gives the task up at the deadlines. `followStep` decides what happens when.
 * @throws {AccountRefused} when the account was refused before the task was started: the task waits again.
 * @throws {Postponed} when Midjourney wants it again later.
 * @throws when aborted; then another worker can follow it from where it stands.
 */
export async function followTask(
  active: ActiveTask,
  context: FollowContext,
  signal: AbortSignal,
): Promise<Outcome> {
  const { inbox } = active;
  const { now } = context;
  let { state, effects, wakeAt } = beginFollowing(active.task, context, now());
  for (;;) {
    let next: FollowSignal | undefined;
    for (const effect of effects) {
      if (effect.type === 'conclude') return effect.outcome;
      next = (await carryOut(effect, active, context, signal)) ?? next;
    }
    next ??= (await inbox.take(wakeAt - now(), signal)) ?? { type: 'time passed' };
    ({ state, effects, wakeAt } = followStep(state, next, now()));
  }
}

/** @returns what came of it, where that decides what happens next. */
async function carryOut(
  effect: Exclude<FollowEffect, { type: 'conclude' }>,
  { task, hash, progressMessageId }: ActiveTask,
  context: FollowContext,
  signal: AbortSignal,
): Promise<FollowSignal | undefined> {
  const job = hash ? { job_id: hash } : {};
  switch (effect.type) {
    case 'notify': {
      const progress = effect.event === 'generating' ? { progress: effect.progress } : {};
      await context.delivery.attempt(
        resultEventOf(task.id, effect.event, effect.message, { ...progress, ...job }),
      );
      return;
    }
    case 'read history':
      await context.readHistory();
      return;
    case 'answer form':
      return context.answerModal(effect.modal).then(
        (failure) => ({ type: 'form answered', failure }),
        (error) => {
          if (!(error instanceof AccountRefused)) throw error;
          return { type: 'account refused', refusal: error.refusal };
        },
      );
    case 'send region':
      return { type: 'form answered', failure: await context.sendRegion(effect.editor) };
    case 'cancel':
      context.cancel();
      return;
    case 'refuse account':
      context.accountRefused(effect.refusal);
      return;
    case 'deliver result': {
      const event = resultEventOf(task.id, effect.event, effect.message, job);
      const { result_is_taken } = await deliver(task.id, event, context.delivery, signal);
      return { type: 'result delivered', isTaken: result_is_taken ?? false };
    }
    case 'deliver refusal': {
      const { message, code, reason } = effect;
      const why = { reason, fail_code: code, job_ended: true, ...job };
      const event = resultEventOf(task.id, refusalEvent(code), message, why);
      await deliver(task.id, event, context.delivery, signal);
      return;
    }
    case 'fail': {
      const left = { messageId: progressMessageId, jobId: hash, ended: effect.jobEnded };
      const event = failureEvent(task.id, effect.code, effect.reason, left);
      await deliver(task.id, event, context.delivery, signal);
      return;
    }
    case 'postpone':
      await context.postpone(effect.refusal);
      return;
    case 'give back':
      await context.giveBack();
      throw new AccountRefused(effect.refusal);
  }
}

function refusalEvent(code: FailCode): ResultEvent['type'] {
  if (code === 'banned') return 'banned';
  return code === 'verification_required' ? 'verify' : 'error';
}

/** A result that the api will never accept fails its task, so that the token comes back. */
async function deliver(
  taskId: TaskId,
  event: ResultEvent,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<ResultAnswer> {
  try {
    return await delivery.insist(event, signal);
  } catch (error) {
    if (!(error instanceof DeliveryRefused)) throw error;
    const reason = 'The result of this task could not be stored; the operator finds the cause in the logs.';
    return delivery.insist(failureEvent(taskId, 'internal', reason), signal);
  }
}
