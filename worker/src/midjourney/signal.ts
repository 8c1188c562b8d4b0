import type { FailCode } from '@midjourney-api/shared/tasks/task';
import type { DiscordMessage } from '../discord/message.ts';
import { parseContent } from './parse-content.ts';
import { readRefusal } from './refusal.ts';

/** What a message of the Midjourney Bot says about the job it belongs to. */
export type Signal =
  | { type: 'accepted'; message: DiscordMessage }
  | { type: 'started'; message: DiscordMessage }
  | { type: 'progressed'; message: DiscordMessage; progress: number }
  | { type: 'finished'; message: DiscordMessage }
  | { type: 'described'; message: DiscordMessage }
  | { type: 'refused'; message: DiscordMessage; code: FailCode; reason: string; account: boolean };

export function readSignal(message: DiscordMessage): Signal {
  const refusal = readRefusal(message);
  if (refusal && refusal.scope !== 'none') {
    const { code, reason, scope } = refusal;
    return { type: 'refused', message, code, reason, account: scope === 'account' };
  }
  if (isDescription(message) || isShortening(message)) return { type: 'described', message };
  const content = parseContent(message.content);
  if (!content) return { type: 'accepted', message };
  switch (content.status) {
    case 'waiting':
    case 'paused':
      return { type: 'started', message };
    case 'running':
      return { type: 'progressed', message, progress: content.progress ?? 0 };
    case 'stopped':
      return { type: 'refused', message, code: 'stopped', reason: stoppedReason, account: false };
    case 'done':
      return isPicture(message) ? { type: 'finished', message } : { type: 'started', message };
  }
}

export const stoppedReason =
  'Midjourney stopped drawing: its moderation objects to the picture, or somebody cancelled it.';

/** While a job runs its message offers to cancel it, whatever the text says. */
function isPicture({ attachments, components }: DiscordMessage): boolean {
  return attachments.length > 0 && !JSON.stringify(components ?? []).includes('"MJ::CancelJob::');
}

/** Numbered prompts with the picture that they describe. */
export function isDescription({ embeds }: Pick<DiscordMessage, 'embeds'>): boolean {
  return embeds.some(({ description, image }) => image && description && /^\s*1️⃣/u.test(description));
}

/** Numbered prompts without a picture: a shortened one. */
export function isShortening({ embeds }: Pick<DiscordMessage, 'embeds'>): boolean {
  return embeds.some(
    ({ description, image, footer }) => !image && !footer && description && /^\s*1️⃣/mu.test(description),
  );
}
