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
  /**
   * What is refused: the request; the account; the request for now only (`later`), or all of the account's for now,
   * since its queue is full (`queue`); or nothing, when Midjourney only says that the job waits.
   */
  scope: 'request' | 'account' | 'later' | 'queue' | 'none';
  code: FailCode;
  /** For people, in Midjourney's words. */
  reason: string;
  /** Why the account is refused, if it is. */
  cause?: RefusalCause | undefined;
  /** What clients can change, where there is something. */
  advice?: string | undefined;
  /** When a block of the account ends, or when the request may be tried again, where Midjourney says so. */
  until?: Date | undefined;
  /** How it was said, when it is none that this program knows. */
  unknown?: Statement['form'] | undefined;
}

type Meaning = Pick<Refusal, 'scope' | 'code' | 'cause' | 'advice' | 'unknown'>;

const ofAccount = (cause: RefusalCause, code: FailCode = 'account_unavailable'): Meaning => ({
  scope: 'account',
  code,
  cause,
});
const ofRequest = (code: FailCode, advice: string): Meaning => ({ scope: 'request', code, advice });
const forNow = (scope: 'later' | 'queue'): Meaning => ({
  scope,
  code: 'rejected',
  advice: 'Submit it again later.',
});
const moderated = ofRequest('moderated', 'Change the prompt, or the pictures in it.');

/** How Midjourney wants to see that a person is there; asked in this way as a message, and as a web page. */
const humanCheck =
  /^(?:action (?:needed|required) to continue|please complete the (?:task|captcha)|(?:please )?(?:verify|confirm) (?:that )?you(?:['’]re| are) (?:a )?human|(?:human )?verification (?:needed|required)|human verification)\b/;

/** What the user or the account is, said as the first words. */
function startsWithState(states: string): RegExp {
  const subject = "(?:you(?: are|['’]re| have been|['’]ve been)|your account (?:is|was|has been))";
  return new RegExp(`^${subject}(?: now| \\w+ly)? (?:${states})\\b(?! to\\b)`);
}

/**
 * What refusals begin with, as seen at public clients from 2023 to 2026. Only the beginning counts: what follows may
 * repeat the prompt, and no client may put an account out of service by what it writes there.
 */
const meanings: [RegExp, Meaning][] = [
  [/^(?:job queued|your job has been added to the queue)/, { scope: 'none', code: 'rejected' }],
  // "Blocked words" and "You used a banned word" are about a prompt.
  [
    /^(?:account |temporarily |permanently )?(?:blocked|suspended)\b(?! (?:word|phrase|term|prompt|content|image|link)s?\b)/,
    ofAccount('blocked'),
  ],
  [startsWithState('blocked|banned|suspended'), ofAccount('blocked')],
  [
    /^(?:pending mod message|you have a pending moderation message|(?:account|first|last|final) warning\b)/,
    ofAccount('moderation'),
  ],
  [startsWithState('warned|flagged|restricted'), ofAccount('moderation')],
  [/^your account\b[^.:\n]{0,30}\bsuspicious\b/, ofAccount('moderation')],
  [/^(?:credits exhausted|subscription (?:required|paused)|plan cancelled)/, ofAccount('subscription')],
  [/^tos not accepted/, ofAccount('terms')],
  [humanCheck, ofAccount('human_check', 'verification_required')],
  [/^(?:queue full|your job queue is full)/, forNow('queue')],
  [/^slow down/, forNow('later')],
  [/^banned (?:image )?prompt/, ofRequest('banned', 'Change the words of the prompt.')],
  [/^(?:image denied|sorry! our ai moderator)/, moderated],
  [/^[^.:\n]{0,60}\b(?:output|image) filters/, moderated],
  [
    /^(?:invalid (?:link|image)|could not (?:fetch|load|read))/,
    ofRequest('invalid_parameter', 'Use the address of a picture that anybody can open.'),
  ],
  [/^duplicate images/, ofRequest('invalid_parameter', 'Use pictures that differ.')],
  [
    /^(?:invalid|empty prompt|un(?:recogni[sz]ed|supported)|[^\n]{0,80}\bnot (?:compatible with|supported)\b)/,
    ofRequest('invalid_parameter', 'Correct the prompt and its parameters.'),
  ],
  [/^job action restricted/, ofRequest('rejected', 'Midjourney does this to other pictures only.')],
  [
    /^(?:failed to|(?:sorry! )?could not|sorry, something went wrong|the job encountered an error)/,
    ofRequest('rejected', 'Submit it again.'),
  ],
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
    reason: [title.replace(/\.$/, ''), oneLine(withTimes(withoutCommand(text)))].filter(Boolean).join(': '),
    until: endOf(text, message.id),
  };
}

function meaningOf(
  { title, text, footer, isWarning, form }: Statement,
  { components }: Pick<DiscordMessage, 'components'>,
): Meaning {
  // Titles are Midjourney's alone: whatever decorates them is not a client's.
  const beginning = (title.replace(decoration, '') || text).trim().toLowerCase();
  const [, meaning] = meanings.find(([pattern]) => pattern.test(beginning)) ?? [];
  // With this title it asks its user either to appeal for the prompt, or to show that a person is there.
  if (meaning?.code === 'verification_required' && isAppeal(text, components)) return moderated;
  if (footer.startsWith('decline-') && meaning?.scope !== 'account') return moderated;
  if (meaning) return meaning;
  if (/\bai moderators?\b|\bcommunity (?:standards|guidelines)\b/i.test(text)) return moderated;
  // A warning that is none of the known refusals does not stop the job.
  return { scope: isWarning ? 'none' : 'request', code: 'rejected', unknown: form };
}

const decoration = /^[^\p{L}\p{N}]+/u;

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

/** How a text that Discord shows holds a time, in seconds since 1970. */
const time = /<t:(\d{9,11})(?::\w)?>/;

/** Plain texts end in the command that they refuse, with the task's marker in it. */
function withoutCommand(text: string): string {
  return text.replace(/\n\/\w+ [\s\S]*$/, '');
}

function withTimes(text: string): string {
  return text.replace(new RegExp(time, 'g'), (_, seconds) => new Date(Number(seconds) * 1_000).toISOString());
}

/** The time in a text; a block may also be "for 2 hours" from then on. */
function endOf(text: string, messageId: string): Date | undefined {
  const seconds = time.exec(text)?.[1];
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
  if (humanCheck.test(title.replace(decoration, '').toLowerCase())) {
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
