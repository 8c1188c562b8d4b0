import type { AccountRefusal } from '@midjourney-api/shared/accounts/refusal-causes';
import { buttonsIn } from '@midjourney-api/shared/midjourney/components';
import { isUnderPicture, parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import type { DiscordMessage } from '../discord/message.ts';
import { isDescription, isShortening } from './numbered-texts.ts';
import { parseContent } from './parse-content.ts';
import { type Refusal, readRefusal } from './refusal.ts';
import { isVideoFile } from './video-file.ts';

/** What a message of the Midjourney Bot says about the job it belongs to. */
export type Signal =
  | { type: 'accepted'; message: DiscordMessage }
  | { type: 'started'; message: DiscordMessage }
  | { type: 'progressed'; message: DiscordMessage; progress: number }
  | { type: 'finished'; message: DiscordMessage }
  | { type: 'described'; message: DiscordMessage }
  | ({
      type: 'refused';
      message: DiscordMessage;
      scope: Exclude<Refusal['scope'], 'none'>;
      account?: AccountRefusal;
    } & Omit<Refusal, 'scope' | 'cause'>);

export function readSignal(message: DiscordMessage): Signal {
  const refusal = readRefusal(message);
  if (refusal && refusal.scope !== 'none') {
    const { scope, cause = 'unknown', ...said } = refusal;
    const { reason, until = null } = said;
    return {
      type: 'refused',
      message,
      scope,
      ...said,
      ...(scope === 'account' && { account: { cause, reason, until } }),
    };
  }
  const content = parseContent(message.content);
  if (!content) return signalWithoutText(message);
  switch (content.status) {
    case 'waiting':
      return { type: 'started', message };
    case 'running':
    case 'paused':
      if (content.progress !== null) return { type: 'progressed', message, progress: content.progress };
      // The note may be the name of a new mode.
      return { type: isResult(message) ? 'finished' : 'started', message };
    case 'stopped':
      return { type: 'refused', message, code: 'stopped', reason: stoppedReason, scope: 'request' };
    case 'done':
      return { type: isPicture(message) ? 'finished' : 'started', message };
  }
}

/**
 * Numbered texts are an embed of their own; a job's text may have one that is the preview of a link in its prompt. A
 * picked video comes without a text, or with one that does not name its user; other texts may be new.
 */
function signalWithoutText(message: DiscordMessage): Signal {
  if (isDescription(message) || isShortening(message)) return { type: 'described', message };
  if (isResult(message)) return { type: 'finished', message };
  return { type: isRunning(message) ? 'started' : 'accepted', message };
}

export const stoppedReason =
  'Midjourney stopped drawing: its moderation objects to the picture, or somebody cancelled it.';

/** While a job runs its message offers to cancel it, whatever the text says. */
function isRunning({ components }: DiscordMessage): boolean {
  return hasButton(components, (customId) => parseCustomId(customId).kind === 'cancel');
}

function isPicture(message: DiscordMessage): boolean {
  return message.attachments.length > 0 && !isRunning(message);
}

/** Whether a message is a result whatever its text: a video, or a picture with the buttons of a finished one. */
function isResult(message: DiscordMessage): boolean {
  return (
    isPicture(message) &&
    (message.attachments.some(isVideoFile) || hasButton(message.components, isUnderPicture))
  );
}

function hasButton(
  components: DiscordMessage['components'],
  isWanted: (customId: string) => boolean,
): boolean {
  return buttonsIn(components).some(({ custom_id }) => custom_id !== undefined && isWanted(custom_id));
}
