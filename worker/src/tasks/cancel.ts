import type { Logger } from '@midjourney-api/shared/logging/logger';
import { customIdOf } from '@midjourney-api/shared/midjourney/custom-id';
import { SnowflakeUtil } from 'discord.js';
import type { AccountUser } from '../accounts/session/account-user.ts';
import type { AccountStanding } from '../accounts/session/standing.ts';
import { buildInteraction } from '../midjourney/interactions.ts';
import type { ActiveTask } from './active-task.ts';

export interface CancelContext {
  user: AccountUser;
  standing: Pick<AccountStanding, 'isRefused'>;
  log: Logger;
}

/**
 * Makes Midjourney stop drawing a task whose client no longer wants it. To be called with each of its messages: the
 * cancel button can be pressed once a message has shown it, and has to be pressed again when Discord did not take the
 * press. That Midjourney stopped comes as a message too; a picture that was faster is still the task's.
 */
export function cancelTask(active: ActiveTask, { user, standing, log }: CancelContext): void {
  active.cancelRequested = true;
  if (standing.isRefused) return;
  pressCancel(active, user, log).catch((err) =>
    log.warn({ err, task: active.task.id }, 'the cancel button could not be pressed'),
  );
}

async function pressCancel(active: ActiveTask, user: AccountUser, log: Logger): Promise<void> {
  const { task, cancelSent, progressMessageId, progressFlags, hash } = active;
  if (cancelSent || !progressMessageId || !hash) return;
  active.cancelSent = true;
  const press = {
    kind: 'button' as const,
    messageId: progressMessageId,
    messageFlags: progressFlags,
    customId: customIdOf({ kind: 'cancel' }, hash),
    ...(task.action.bot && { bot: task.action.bot }),
  };
  const nonce = SnowflakeUtil.generate().toString();
  const named = { ...user, sessionId: await user.sessionId(), nonce, command: null };
  const outcome = await user.rest.interact(buildInteraction({ id: task.id, action: press }, named));
  log.info({ task: task.id, outcome }, 'pressed the cancel button of the task');
  active.cancelSent = outcome.type === 'taken';
}
