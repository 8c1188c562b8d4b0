import type { Logger } from '@midjourney-api/shared/logging/logger';
import { SnowflakeUtil } from 'discord.js';
import type { AccountUser } from '../accounts/session/account-user.ts';
import type { Modal } from '../discord/channel-event.ts';
import { AccountRefused } from '../discord/rest/account-refused.ts';
import { buildModalAnswer } from '../midjourney/interactions.ts';
import type { ActiveTask } from './active-task.ts';

/**
 * Sends the form back that a task's button opened: with the prompt that its client wants, or else as Midjourney
 * proposes it, which is what the button does without a form. Sent once: Discord forgets a form that it was sent,
 * so that an unclear answer cannot draw twice, nor does a second try help.
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
    'sent the form back that Midjourney opened',
  );
  if (outcome.type === 'account refused') throw new AccountRefused(outcome.refusal);
  if (outcome.type === 'refused' || outcome.type === 'unreachable')
    return `Discord did not take what was to be written into Midjourney's form: ${outcome.message}.`;
  return undefined;
}
