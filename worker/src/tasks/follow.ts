import type { ResultAnswer, ResultEvent } from '@midjourney-api/shared/results/result-event';
import type { FailCode } from '@midjourney-api/shared/tasks/task';
import { AccountRefused } from '../discord/account-refused.ts';
import type { Modal } from '../discord/channel-event.ts';
import type { DiscordMessage } from '../discord/message.ts';
import { stoppedReason } from '../midjourney/signal.ts';
import { type Delivery, DeliveryRefused } from '../results/delivery.ts';
import { failureEvent, resultEventOf } from '../results/result-event-of.ts';
import type { ActiveTask } from './active-task.ts';

export interface Deadlines {
  /** Milliseconds from Discord's 204 to Midjourney's first message. */
  startMs: number;
  /** Milliseconds without progress. */
  progressMs: number;
  /** Milliseconds in all. */
  totalMs: number;
}

export interface FollowContext {
  delivery: Delivery;
  deadlines: Deadlines;
  /** Reads what the gateway may have missed from the channel's history into the inboxes. */
  readHistory(): Promise<void>;
  /** Sends a form back that Midjourney opened. @returns why that was not possible, if so. */
  answerModal(modal: Modal): Promise<string | undefined>;
  /** Makes Midjourney stop drawing it. */
  cancel(): void;
  /** Called when Midjourney refuses the account itself. */
  accountRefused(code: FailCode, reason: string): void;
  /** Puts the task back among those that wait: it was definitely not drawn. */
  giveBack(): Promise<void>;
  /** Why nothing may have been heard of a task that Discord took, for its client. */
  silenceReason: string;
  now(): number;
}

/**
 * `over`: Midjourney has nothing of it under way. `given up`: the task failed, but Midjourney may still draw it.
 * `never started`: Midjourney gave no sign of it.
 */
export type Outcome = 'over' | 'given up' | 'never started';

/** Midjourney deletes the progress message right before it posts the picture, as a rule within a second. */
const vanishedGraceMs = 10_000;
const progressIntervalMs = 1_000;

const formMissingReason =
  "Midjourney drew without asking for a prompt: switch on remix mode in the account's /settings for that. The drawing is cancelled.";

/** Whether it says that it answers the press of a button itself, not a form which that opened. */
function answersButton({ interaction }: DiscordMessage): boolean {
  return interaction !== null && interaction.messageId !== null && interaction.openedBy === null;
}

/**
 * Follows a task that Discord took until its outcome is committed: passes Midjourney's progress on, at most
 * once a second, the end at once, and gives up at the deadlines.
 * @throws {AccountRefused} when the account was refused before it was started: it waits again.
 * @throws when aborted; then another worker can follow it from where it stands.
 */
export async function followTask(
  flight: ActiveTask,
  context: FollowContext,
  signal: AbortSignal,
): Promise<Outcome> {
  const { task, inbox } = flight;
  const { delivery, deadlines, now } = context;
  const submittedAt = (task.submittedAt ?? task.sentAt)?.getTime() ?? now();
  let aliveAt = (task.progressedAt ?? task.startedAt)?.getTime() ?? submittedAt;
  let started = task.startedAt !== null;
  let progress = task.progress;
  let acceptedBy: string | undefined;
  let vanishedAt: number | undefined;
  let nextProgressAt = 0;
  const wantsForm = task.action.kind === 'button' && task.action.prompt !== undefined;
  let formAnswered = false;
  /** What is to be told when nothing newer has come by then: of what has ended already, only the end is. */
  let news: { at: number; tell(): Promise<void> } | undefined;

  const deadline = (): { at: number; code: FailCode; reason: string; ended?: boolean } => {
    if (vanishedAt !== undefined)
      return { at: vanishedAt + vanishedGraceMs, code: 'stopped', reason: stoppedReason, ended: true };
    const total = submittedAt + deadlines.totalMs;
    const next = started
      ? {
          at: aliveAt + deadlines.progressMs,
          code: 'timeout' as const,
          reason: 'Midjourney made no progress for too long.',
        }
      : {
          at: aliveAt + deadlines.startMs,
          code: 'not_started' as const,
          reason: context.silenceReason,
        };
    return next.at < total ? next : { at: total, code: 'timeout', reason: 'The task took too long in all.' };
  };

  /** The deadline for which the history has been searched already. */
  let searchedFor: number | undefined;
  for (;;) {
    const { at, code, reason, ended } = deadline();
    const wakeAt = news ? Math.min(at, news.at) : at;
    const next = await inbox.take(wakeAt - now(), signal);

    if (!next && news && now() >= news.at) {
      const { tell } = news;
      news = undefined;
      await tell();
      continue;
    }
    if (!next) {
      if (now() < at) continue;
      if (searchedFor === at) {
        await fail(code, reason, ended);
        if (ended) return 'over';
        return code === 'not_started' ? 'never started' : 'given up';
      }
      // Before giving up: perhaps the gateway missed something that the history has.
      searchedFor = at;
      await context.readHistory();
      continue;
    }

    switch (next.type) {
      case 'ended':
        return 'given up';
      case 'vanished':
        vanishedAt ??= now();
        break;
      case 'taken':
        break;
      case 'unanswered':
        if (started) break;
        await fail('not_started', 'Midjourney did not answer the request.');
        return 'never started';
      case 'modal': {
        // It is proposed only once: whatever comes now is what the form was for.
        formAnswered = true;
        const reason = await context.answerModal(next.modal).catch((error) => {
          if (error instanceof AccountRefused) return giveBack(error);
          throw error;
        });
        if (!reason) break;
        await fail('rejected', reason, true);
        return 'over';
      }
      case 'web page':
        if (next.account && !started) await giveBack(new AccountRefused(next.code, next.reason));
        await fail(next.code, next.reason, true);
        return 'over';
      case 'accepted':
        if (next.message.id !== acceptedBy) aliveAt = now();
        acceptedBy = next.message.id;
        break;
      case 'started':
        vanishedAt = undefined;
        if (wantsForm && !formAnswered && answersButton(next.message)) {
          context.cancel();
          await fail('rejected', formMissingReason);
          return 'given up';
        }
        if (started) break;
        started = true;
        aliveAt = now();
        news = { at: now(), tell: () => delivery.tell(resultEventOf(task.id, 'start', next.message, job())) };
        break;
      case 'progressed': {
        vanishedAt = undefined;
        if (started && next.progress <= progress) break;
        started = true;
        progress = Math.max(progress, next.progress);
        aliveAt = now();
        news = {
          at: nextProgressAt,
          tell: () => {
            nextProgressAt = now() + progressIntervalMs;
            const { message, progress } = next;
            return delivery.tell(resultEventOf(task.id, 'generating', message, { progress, ...job() }));
          },
        };
        break;
      }
      case 'finished':
      case 'described': {
        const type = next.type === 'finished' ? 'end' : 'text';
        const answer = await deliver(resultEventOf(task.id, type, next.message, job()));
        // Another task's already, so that this one's is still to come.
        if (answer.result_is_taken) break;
        return 'over';
      }
      case 'refused': {
        if (next.account) {
          context.accountRefused(next.code, next.reason);
          if (!started) await giveBack(new AccountRefused(next.code, next.reason));
        }
        const type =
          next.code === 'banned' ? 'banned' : next.code === 'verification_required' ? 'verify' : 'error';
        const why = { reason: next.reason, fail_code: next.code, job_ended: true, ...job() };
        await deliver(resultEventOf(task.id, type, next.message, why));
        return 'over';
      }
    }
  }

  async function giveBack(refusal: AccountRefused): Promise<never> {
    await context.giveBack();
    throw refusal;
  }

  function job(): Pick<ResultEvent, 'job_id'> {
    return flight.hash ? { job_id: flight.hash } : {};
  }

  async function fail(code: FailCode, reason: string, ended = false): Promise<void> {
    const { progressMessageId: messageId, hash: jobId } = flight;
    await deliver(failureEvent(task.id, code, reason, { messageId, jobId, ended }));
  }

  async function deliver(event: ResultEvent): Promise<ResultAnswer> {
    try {
      return await delivery.insist(event, signal);
    } catch (error) {
      if (!(error instanceof DeliveryRefused)) throw error;
      const reason = 'The result of this task could not be stored; the operator finds the cause in the logs.';
      return delivery.insist(failureEvent(task.id, 'internal', reason), signal);
    }
  }
}
