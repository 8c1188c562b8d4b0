import { isOpen } from '@midjourney-api/shared/tasks/statuses';
import type { Task } from '@midjourney-api/shared/tasks/task';
import type { AccountStanding } from '../accounts/session/standing.ts';
import type { Editor } from '../midjourney/region-editor.ts';
import type { Delivery } from '../results/delivery.ts';
import { failureEvent } from '../results/result-event-of.ts';
import type { ActiveTask } from './active-task.ts';
import { answerModal } from './answer-modal.ts';
import { cancelTask } from './cancel.ts';
import { followTask } from './follow.ts';
import type { Deadlines, LaterRefusal, Outcome } from './follow-state.ts';
import { Postponed } from './postponed.ts';
import { retryTime } from './retry-time.ts';
import { type SendContext, sendTask } from './send.ts';

export interface DrawContext extends SendContext {
  standing: AccountStanding;
  delivery: Delivery;
  deadlines: Deadlines;
  /** Sends a task's region to Midjourney's editor. @returns why it was definitely not taken, if so. */
  sendRegion(task: Task, editor: Editor): Promise<string | undefined>;
  /** Why the form that the task is to fill in would not open; undefined: it opens, or the task needs none. */
  whyNoForm(task: Task): Promise<string | undefined>;
  /** Whether another account may take the task. */
  othersDraw(task: Task): Promise<boolean>;
}

/** Why nothing was heard of a task, for its client. */
const silenceReasons = {
  bot: 'Midjourney answered privately, probably a refusal: try another prompt. A bot session cannot see which; the token is returned.',
  user: 'Discord took the request, but Midjourney never started it.',
};

/**
 * Sends a task unless that was done, and follows it until its outcome is committed.
 * @throws {NotSent} {AccountRefused} {Postponed} {LeaseLost} when it was not drawn, and is not to be here or now.
 * @throws when aborted; then another worker can take it up from where it stands.
 */
export async function drawTask(
  active: ActiveTask,
  context: DrawContext,
  signal: AbortSignal,
): Promise<Outcome> {
  const { user, channel, record, standing, delivery, deadlines, log } = context;
  if (active.task.status === 'queued') {
    // What may have been sent already is not asked about again.
    const noForm = active.task.nonce === null ? await context.whyNoForm(active.task) : undefined;
    const sent = noForm
      ? ({ type: 'refused', reason: noForm } as const)
      : await sendTask(active, context, signal);
    if (sent.type === 'ended') return 'over';
    if (sent.type === 'refused') {
      await delivery.insist(failureEvent(active.task.id, 'rejected', sent.reason, { ended: true }), signal);
      return 'over';
    }
  } else {
    await channel.readHistory();
    // Nothing of it is in the channel any longer, nor a picture: it vanished while no session listened.
    if (active.inbox.isEmpty && active.progressMessageId) active.inbox.put({ type: 'vanished' });
  }
  return followTask(
    active,
    {
      delivery,
      deadlines,
      readHistory: () => channel.readHistory(),
      answerModal: (modal) => answerModal(active, modal, user, log),
      sendRegion: (editor) => context.sendRegion(active.task, editor),
      cancel: () => cancelTask(active, context),
      accountRefused: (refusal) => standing.refuse(refusal),
      postpone: (refusal) => postpone(active, refusal, context),
      giveBack: async () =>
        void (await record.change(active.task, { type: 'not_sent', nonce: active.nonce })),
      silenceReason: silenceReasons[user.account.session],
      now: Date.now,
    },
    signal,
  );
}

/** Has the task wait until Midjourney may take it, unless that would be too late or the task has ended. */
async function postpone(
  { task, nonce }: ActiveTask,
  { reason, scope, until }: Pick<LaterRefusal, 'reason' | 'scope' | 'until'>,
  { record, deadlines, othersDraw, log }: Pick<DrawContext, 'record' | 'deadlines' | 'othersDraw' | 'log'>,
): Promise<void> {
  const { postponedAt } = task;
  const later = retryTime({ until, postponedAt, patienceMs: deadlines.totalMs }, new Date());
  if (!later) return;
  const isQueueFull = scope === 'queue';
  // Another account need not be idle while this one takes nothing.
  const retryAt = isQueueFull && (await othersDraw(task)) ? new Date() : later;
  const why = `Midjourney does not take it now: ${reason}`.slice(0, 500);
  const changed = await record.change(task, { type: 'postponed', nonce, reason: why, retryAt });
  if (!isOpen(changed.task)) return;
  log.info(
    { task: task.id, reason, retryAt },
    'Midjourney does not take the task now; it is sent again later',
  );
  // Where nothing changed, another worker has sent it by now, and follows it.
  throw new Postponed(changed.task.retryAt ?? new Date(), isQueueFull ? later : undefined);
}
