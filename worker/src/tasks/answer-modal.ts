import type { Logger } from '@midjourney-api/shared/logging/logger';
import { SnowflakeUtil } from 'discord.js';
import type { AccountUser } from '../accounts/session/account-user.ts';
import type { Modal } from '../discord/channel-event.ts';
import { AccountRefused } from '../discord/rest/account-refused.ts';
import { buildModalAnswer } from '../midjourney/interactions.ts';
import type { ActiveTask } from './active-task.ts';

/**
 * Submits the form that a task's button opened: with the prompt that its client wants, or else as Midjourney
 * proposes it, which is what the button does without a form. Sent once: Discord forgets a form that was submitted, so
 * that a second attempt could neither draw twice nor help.
 * @throws {AccountRefused} when Discord does not let the account send it.
 * @returns why Discord did not take it, or undefined when it did or may have.
 */
export async function answerModal(
  { task }: ActiveTask,
  modal: Modal,
  user: AccountUser,
  log: Logger,
): Promise<string | undefined> {
  const { action } = task;
  const prompt = action.kind === 'button' ? action.prompt : undefined;
  const nonce = SnowflakeUtil.generate().toString();
  const sessionId = await user.sessionId();
  const answer = buildModalAnswer(action, modal, prompt, { ...user, sessionId, nonce });
  const outcome = await user.rest.interact(answer);
  log.info(
    { task: task.id, title: modal.title, outcome: outcome.type },
    'submitted the form that Midjourney opened',
  );
  if (outcome.type === 'account refused') throw new AccountRefused(outcome.refusal);
  if (outcome.type === 'refused' || outcome.type === 'unreachable')
    return `Discord did not take what was to be written into Midjourney's form: ${outcome.message}.`;
  return undefined;
}
