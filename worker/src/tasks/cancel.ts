import type { Logger } from '@midjourney-api/shared/logging/logger';
import { customIdOf } from '@midjourney-api/shared/midjourney/custom-id';
import { SnowflakeUtil } from 'discord.js';
import type { DiscordRest } from '../discord/rest.ts';
import { buildInteraction, type InteractionContext } from '../midjourney/interactions.ts';
import type { ActiveTask } from './active-task.ts';

interface CancelContext extends Pick<InteractionContext, 'account' | 'bots'> {
  /** Waits for the session that listens. */
  sessionId(): Promise<string>;
  rest: Pick<DiscordRest, 'interact'>;
  log: Logger;
}

/**
 * Presses the cancel button of a task that is no longer wanted. Called with each of its messages, since the button
 * can be pressed once one has shown where it is, and must be pressed again when Discord did not take it. That
 * Midjourney stopped comes as a message too; a picture that was faster is the task's.
 */
export async function cancelWhenRequested(active: ActiveTask, context: CancelContext): Promise<void> {
  const { task, cancelRequested, cancelSent, progressMessageId, progressFlags, hash } = active;
  if (!cancelRequested || cancelSent || !progressMessageId || !hash) return;
  active.cancelSent = true;
  const press = {
    kind: 'button' as const,
    messageId: progressMessageId,
    messageFlags: progressFlags,
    customId: customIdOf({ kind: 'cancel' }, hash),
    ...(task.action.bot && { bot: task.action.bot }),
  };
  const nonce = SnowflakeUtil.generate().toString();
  const sessionId = await context.sessionId();
  const named = { ...context, sessionId, nonce, command: null };
  const interaction = buildInteraction({ id: task.id, action: press }, named);
  const outcome = await context.rest.interact(interaction);
  context.log.info({ task: task.id, outcome }, 'asked Midjourney to cancel the task');
  active.cancelSent = outcome.type === 'taken';
}
