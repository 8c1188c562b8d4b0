import type { AccountQuestions } from '../accounts/questions/account-questions.ts';
import type { AccountStanding } from '../accounts/session/standing.ts';
import type { Delivery } from '../results/delivery.ts';
import { failureEvent } from '../results/result-event-of.ts';
import type { ActiveTask } from './active-task.ts';
import { answerEditor, type EditorContext } from './answer-editor.ts';
import { answerModal } from './answer-modal.ts';
import { cancelTask } from './cancel.ts';
import { followTask } from './follow.ts';
import type { Outcome } from './follow-state.ts';
import { type PostponeContext, postpone } from './postpone.ts';
import { type SendContext, sendTask } from './send.ts';

export interface DrawContext extends SendContext, PostponeContext, Omit<EditorContext, 'user'> {
  standing: AccountStanding;
  questions: Pick<AccountQuestions, 'whyNoForm'>;
  delivery: Delivery;
}

/** Why nothing was heard of a task, for its client. */
const silenceReasons = {
  bot: 'Midjourney answered privately, probably a refusal: try another prompt. A bot session cannot see which; the token is returned.',
  user: 'Discord took the request, but Midjourney never started it.',
};

/**
 * Sends a task, unless an earlier session has, and follows it until its outcome is committed.
 * @throws {NotSent} {AccountRefused} {Postponed} {LeaseLost} when it was not drawn, and cannot be here or now.
 * @throws when aborted; then another worker can continue from where the task stands.
 */
export async function drawTask(
  active: ActiveTask,
  context: DrawContext,
  signal: AbortSignal,
): Promise<Outcome> {
  const { user, channel, record, standing, questions, delivery, deadlines, log } = context;
  if (active.task.status === 'queued') {
    // A task that may have been sent already needs no question about its form.
    const noForm = active.task.nonce === null ? await questions.whyNoForm(active.task) : undefined;
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
    // The channel has neither its progress message nor a picture: the message vanished while no session listened.
    if (active.inbox.isEmpty && active.progressMessageId) active.inbox.put({ type: 'vanished' });
  }
  return followTask(
    active,
    {
      delivery,
      deadlines,
      readHistory: () => channel.readHistory(),
      answerModal: (modal) => answerModal(active, modal, user, log),
      sendRegion: (editor) => answerEditor(active, editor, context, signal),
      cancel: () => cancelTask(active, context),
      accountRefused: (refusal) => standing.refuse(refusal),
      postpone: (refusal) => postpone(active, refusal, user.account, context),
      giveBack: async () =>
        void (await record.change(active.task, { type: 'not_sent', nonce: active.nonce })),
      silenceReason: silenceReasons[user.account.session],
      now: Date.now,
    },
    signal,
  );
}
