import type { AccountRefusal, RefusalCause } from '@midjourney-api/shared/accounts/refusal-causes';
import { buttonsIn } from '@midjourney-api/shared/midjourney/components';
import { parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import type { FailCode } from '@midjourney-api/shared/tasks/task';
import { SnowflakeUtil } from 'discord.js';
import type { WebPage } from '../discord/channel-event.ts';
import type { DiscordMessage } from '../discord/message.ts';
import { type Statement, statementOf } from './statement.ts';

/** Why Midjourney does not draw, in its own words. */
export interface Refusal {
  /** The request was refused, the account is, or Midjourney only says that the job waits. */
  scope: 'request' | 'account' | 'none';
  code: FailCode;
  /** For people, in Midjourney's words. */
  reason: string;
  /** Why the account is refused, if it is. */
  cause?: RefusalCause | undefined;
  /** When a block of the account ends, or when the request may be tried again, where Midjourney says so. */
  until?: Date | undefined;
  /** How it was said, when it is none that this program knows. */
  unknown?: Statement['form'] | undefined;
}

type Meaning = Pick<Refusal, 'scope' | 'code' | 'cause' | 'unknown'>;

/**
 * What refusals begin with, as seen at public clients from 2023 to 2026. Only the beginning counts: what follows may
 * repeat the prompt, and no client may put an account out of service by what it writes there.
 */
const meanings: [RegExp, Meaning['scope'], FailCode, RefusalCause?][] = [
  [/^(?:job queued|your job has been added to the queue)/, 'none', 'rejected'],
  [/^(?:temporarily |permanently )?(?:blocked|suspended)\b/, 'account', 'account_unavailable', 'blocked'],
  [
    /^(?:you|your account)\b[^.:\n]{0,30}\b(?:blocked|banned|suspended)\b/,
    'account',
    'account_unavailable',
    'blocked',
  ],
  [
    /^(?:pending mod message|you have a pending moderation message|(?:account|first|last|final) warning\b)/,
    'account',
    'account_unavailable',
    'moderation',
  ],
  [
    /^(?:you|your account)\b[^.:\n]{0,30}\b(?:warned|flagged|restricted|suspicious)\b/,
    'account',
    'account_unavailable',
    'moderation',
  ],
  [
    /^(?:credits exhausted|subscription (?:required|paused)|plan cancelled)/,
    'account',
    'account_unavailable',
    'subscription',
  ],
  [/^tos not accepted/, 'account', 'account_unavailable', 'terms'],
  [
    /^(?:please )?verify (?:that )?you(?:['’]re| are) (?:a )?human/,
    'account',
    'verification_required',
    'human_check',
  ],
  [/^action (?:needed|required) to continue/, 'account', 'verification_required', 'human_check'],
  [/^(?:banned prompt|image denied|sorry! our ai moderator)/, 'request', 'banned'],
  [/^[^.:\n]{0,60}\boutput filters/, 'request', 'banned'],
  [/^(?:invalid|failed to|could not|slow down|queue full)/, 'request', 'rejected'],
  [/^(?:duplicate images|job action restricted|sorry, something went wrong)/, 'request', 'rejected'],
];

/** @returns undefined for a message that refuses nothing. */
export function readRefusal(
  message: Pick<DiscordMessage, 'id' | 'content' | 'embeds' | 'attachments' | 'components'>,
): Refusal | undefined {
  const said = statementOf(message);
  if (!said) return undefined;
  const { title, text } = said;
  return {
    ...meaningOf(said, message),
    reason: [title, oneLine(text)].filter(Boolean).join(': '),
    until: endOf(text, message.id),
  };
}

function meaningOf(
  { title, text, footer, isWarning, form }: Statement,
  { components }: Pick<DiscordMessage, 'components'>,
): Meaning {
  const beginning = (title || text).trim().toLowerCase();
  const [, scope, code, cause] = meanings.find(([pattern]) => pattern.test(beginning)) ?? [];
  // With this title it asks its user either to appeal for the prompt, or to show that a person is there.
  if (code === 'verification_required' && isAppeal(text, components))
    return { scope: 'request', code: 'banned' };
  if (footer.startsWith('decline-') && scope !== 'account') return { scope: 'request', code: 'banned' };
  if (scope && code) return { scope, code, cause };
  if (/\bai moderators?\b|\bcommunity (?:standards|guidelines)\b/i.test(text))
    return { scope: 'request', code: 'banned' };
  // A warning that is none of the known refusals does not stop the job.
  return { scope: isWarning ? 'none' : 'request', code: 'rejected', unknown: form };
}

function isAppeal(text: string, components: DiscordMessage['components']): boolean {
  const offersAppeal = buttonsIn(components).some(
    ({ custom_id = '' }) => parseCustomId(custom_id).kind === 'appeal',
  );
  return offersAppeal || /\bappeal\b/i.test(text);
}

const unitMs: Record<string, number> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
};

/** Discord shows a time that stands in a text as `<t:SECONDS:R>`; a block may also be "for 2 hours" from then on. */
function endOf(text: string, messageId: string): Date | undefined {
  const seconds = /<t:(\d{9,11})(?::\w)?>/.exec(text)?.[1];
  if (seconds) return new Date(Number(seconds) * 1_000);
  const span = /\bblocked\b[^.\n]{0,60}\bfor (\d{1,4}) (minute|hour|day|week)s?\b/i.exec(text);
  const ms = Number(span?.[1]) * (unitMs[span?.[2]?.toLowerCase() ?? ''] ?? Number.NaN);
  return Number.isNaN(ms) ? undefined : new Date(SnowflakeUtil.timestampFrom(messageId) + ms);
}

export interface WebPageRefusal extends Pick<Refusal, 'code' | 'reason'> {
  /** When it is about the account. */
  account?: AccountRefusal;
}

/** Midjourney opens web pages for what only a person can do: its human check, its editor. */
export function refusalOfWebPage({ title }: Pick<WebPage, 'title'>): WebPageRefusal {
  if (/^action (?:needed|required) to continue/i.test(title.trim())) {
    const reason = `${title}: Midjourney wants to see that a person is there.`;
    return {
      code: 'verification_required',
      reason,
      account: { cause: 'human_check', reason, until: null },
    };
  }
  return {
    code: 'rejected',
    reason: `Midjourney does this only on a web page of its own ("${title}"), by hand.`,
  };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 500);
}
