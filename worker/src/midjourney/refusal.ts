import type { FailCode } from '@midjourney-api/shared/tasks/task';
import type { DiscordMessage } from '../discord/message.ts';

/** Why Midjourney does not draw, from an embed of its own. */
export interface Refusal {
  /** The request was refused, the account is, or Midjourney only says that the job waits. */
  scope: 'request' | 'account' | 'none';
  code: FailCode;
  /** For people, in Midjourney's words. */
  reason: string;
}

/** https://discord.com/developers/docs/resources/message#embed-object, colours as seen in public clients. */
const errorColor = 16_711_680;
const warningColors = [16_776_960, 16_239_475];

/** Titles that concern the account: it must send nothing more until a person has looked. */
const accountTitles: Record<string, FailCode> = {
  'credits exhausted': 'account_unavailable',
  'subscription required': 'account_unavailable',
  'subscription paused': 'account_unavailable',
  'plan cancelled': 'account_unavailable',
  'pending mod message': 'account_unavailable',
  blocked: 'account_unavailable',
  'tos not accepted': 'account_unavailable',
  'action needed to continue': 'verification_required',
  'action required to continue': 'verification_required',
};

const moderationTitles = ['banned prompt', 'image denied', 'output filters'];

/** @returns undefined for a message that refuses nothing. */
export function readRefusal(message: Pick<DiscordMessage, 'embeds' | 'content'>): Refusal | undefined {
  if (message.content.startsWith('Failed to process your command')) {
    return { scope: 'request', code: 'rejected', reason: 'Midjourney failed to process the command.' };
  }
  const embed = message.embeds.find(
    ({ title, color }) => title && color !== undefined && [errorColor, ...warningColors].includes(color),
  );
  if (!embed?.title) return undefined;

  const title = embed.title.trim();
  const key = title.toLowerCase();
  const reason = embed.description ? `${title}: ${oneLine(embed.description)}` : title;
  if (key.startsWith('job queued')) return { scope: 'none', code: 'rejected', reason };
  const accountCode = accountTitles[key];
  if (accountCode) return { scope: 'account', code: accountCode, reason };
  const moderated = moderationTitles.some((part) => key.includes(part));
  // A warning that is none of the known refusals does not stop the job.
  if (embed.color !== errorColor && !moderated && !isKnownRefusal(key))
    return { scope: 'none', code: 'rejected', reason };
  return { scope: 'request', code: moderated ? 'banned' : 'rejected', reason };
}

/** Midjourney opens web pages for what only a person can do: its human check, its editor. */
export function refusalOfWebPage(title: string): Refusal {
  const accountCode = accountTitles[title.trim().toLowerCase()];
  return accountCode
    ? {
        scope: 'account',
        code: accountCode,
        reason: `${title}: Midjourney wants to see that a person is there.`,
      }
    : {
        scope: 'request',
        code: 'rejected',
        reason: `Midjourney does this only on a web page of its own ("${title}"), by hand.`,
      };
}

function isKnownRefusal(title: string): boolean {
  return ['invalid', 'queue full', 'duplicate images', 'job action restricted'].some((part) =>
    title.startsWith(part),
  );
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 500);
}
