import { randomBytes } from 'node:crypto';
import type { ActionRow, Message } from '../discord/model.ts';
import { appealButton, humanCheckButtons, moderationButtons } from './buttons.ts';

/**
 * How a refusal comes: as the interaction's answer, for all or for the user alone, as a reply to the message that
 * said "Waiting to start", as an edit of that, or as an edit of an empty message that came first.
 */
const answerKinds = ['answer', 'private', 'reply', 'edit', 'deferred'] as const;
const buttonKinds = ['appeal', 'moderation', 'human_check'] as const;

export interface Refusal {
  as: (typeof answerKinds)[number];
  title?: string;
  description: string;
  /** Of the embed's border; some refusals have none. */
  color?: number;
  footer?: string;
  /** A message's text instead of an embed. */
  plain?: boolean;
  buttons?: (typeof buttonKinds)[number];
  /** Of a restriction: when it ends by itself, in milliseconds since 1970. */
  until?: number;
}

/** What may be changed in how a refusal looks; null removes a part. */
export interface RefusalChange {
  as?: Refusal['as'];
  title?: string | null;
  description?: string;
  color?: number | null;
  footer?: string | null;
  plain?: boolean;
  buttons?: Refusal['buttons'] | null;
}

// 15548997 is what errors are drawn in since 2026; moderation still uses the older red.
const errorColor = 15_548_997;
const moderationColor = 16_711_680;
const warningColor = 16_776_960;
const queueWarningColor = 16_239_475;

const error = (title: string, description: string, more: Partial<Refusal> = {}): Refusal => ({
  as: 'private',
  title,
  description,
  color: errorColor,
  ...more,
});
const colourless = (title: string, description: string, more: Partial<Refusal> = {}): Refusal => ({
  as: 'reply',
  title,
  description,
  ...more,
});

/** The bot's refusals, in its words and forms as public clients have seen them. */
export const refusals = {
  emptyPrompt: () => error('Invalid prompt', 'Prompt is empty. Write what you want to see.'),
  unknownParameter: (name: string) =>
    colourless('Invalid parameter', `Unrecognized parameter(s): \`${name}\``, { plain: true }),
  badValue: (name: string, value: string) =>
    error(
      'Invalid parameter',
      value === '' ? `Missing value for \`${name}\`` : `Invalid value \`${value}\` for \`${name}\``,
    ),
  incompatible: (one: string, other: string) =>
    colourless('Invalid parameter', `\`${one}\` is not compatible with \`${other}\``, { as: 'private' }),
  /** It is known to exist, but its exact words were not seen. */
  weights: (version: string) =>
    colourless('Invalid prompt', `Multi-prompts with \`::\` are not supported by \`${version}\``, {
      as: 'deferred',
    }),
  turboVideo: () =>
    colourless('Invalid parameter', "Turbo mode isn't supported for video jobs", { as: 'deferred' }),
  /** It is known to exist, but its exact words were not seen. */
  videoWithoutPicture: () =>
    colourless('Invalid prompt', 'A video must begin with the link of a picture', { as: 'deferred' }),
  invalidLink: (link: string) =>
    colourless('Invalid link!', `Could not fetch image. Received status code 404: ${link}`),
  bannedPrompt: (word: string) =>
    error(
      'Banned prompt detected',
      `The word \`${word}\` is banned. Circumventing this filter to violate our rules may result in your access being revoked.`,
      { color: moderationColor },
    ),
  appeal: () =>
    error(
      'Action needed to continue',
      'Sorry! Our AI moderators feel your prompt might be against our community standards.\n\nIf you think this is a mistake, please press the "Appeal" button below and we will send it to a more sophisticated AI to double-check the result.',
      { color: moderationColor, buttons: 'appeal' },
    ),
  outputFiltered: () =>
    error(
      'Request cancelled due to output filters',
      'Our AI moderator is unsure about this request. Change the prompt and try again.',
      { as: 'reply', color: moderationColor },
    ),
  jobError: () =>
    colourless('Sorry, something went wrong', 'The job encountered an error. Our team has been notified.', {
      footer: 'decline-revise-frolic',
    }),
  imageDenied: () =>
    error('Image denied', 'The file is not an image that Midjourney can read.', { as: 'edit' }),
  jobUnknown: () =>
    error('Job action restricted', 'This action can no longer be performed on this job.', {
      color: warningColor,
    }),
  showUnknown: (jobId: string) =>
    error('Invalid parameter', `Could not find a job with id \`${jobId}\``, { as: 'edit' }),
  jobQueued: () =>
    error('Job queued', 'The other jobs of yours must finish first. This one is in the queue.', {
      color: queueWarningColor,
    }),
  queueFull: () =>
    error(
      'Queue full',
      'Your job queue is full. Please wait for a job to finish first, then resubmit this one.',
      { color: queueWarningColor },
    ),
};

const untilIn = (seconds: number) => Date.now() + seconds * 1000;
const shown = (until: number) => `<t:${Math.ceil(until / 1000)}:R>`;

/** `2 hour`: Midjourney writes no plural. */
function span(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes % (24 * 60) === 0) return `${minutes / (24 * 60)} day`;
  return minutes % 60 === 0 ? `${minutes / 60} hour` : `${minutes} minute`;
}

/** Midjourney's notices to an account that is restricted or too fast, for a number of seconds. */
const notices = {
  human_check: () =>
    error('Action needed to continue', "Please verify you're human by choosing what the picture shows.", {
      color: warningColor,
      buttons: 'human_check',
    }),
  blocked: () =>
    error('You are blocked.', 'Please contact support if you believe this is a mistake.', {
      color: moderationColor,
    }),
  blocked_for: (seconds = 3600) =>
    error(
      'Blocked',
      `You have been blocked from accessing Midjourney for ${span(seconds)} for generating content that violates our Community Guidelines.`,
      { color: moderationColor, until: untilIn(seconds) },
    ),
  temporarily_blocked: (seconds = 3600, until = untilIn(seconds)) =>
    error(
      'Temporarily blocked',
      `You have been temporarily blocked from accessing Midjourney. This automatic temporary time out happens on repeated or serious ToS violations. ${shown(until)}`,
      { color: moderationColor, until },
    ),
  pending_mod_message: (seconds = 3600) =>
    error(
      'Pending mod message',
      `You have a pending moderation message. Please acknowledge it before using Midjourney further.\nAfter reviewing your gallery, you have been blocked from accessing Midjourney for ${span(seconds)} for generating content that violates our Community Guidelines.`,
      { color: moderationColor, buttons: 'moderation', until: untilIn(seconds) },
    ),
  slow_down: (seconds = 20, until = untilIn(seconds)) =>
    colourless('Slow Down!', `You can request another upscale for this image ${shown(until)}`, { until }),
  appeal: refusals.appeal,
  output_filtered: refusals.outputFiltered,
  job_error: refusals.jobError,
};

/**
 * Reads a refusal that a test asks for: `{notice: 'blocked'}`, or one of its own with at least a title and a
 * description, each with any part changed, and perhaps the `seconds` after which it ends. Throws with a sentence when
 * it makes no sense.
 */
export function readRefusal(body: Record<string, unknown>): Refusal {
  const change = readRefusalChange(body);
  const seconds = typeof body.seconds === 'number' ? body.seconds : undefined;
  if (body.notice !== undefined) {
    const notice = Object.entries(notices).find(([name]) => name === body.notice);
    if (!notice) throw new Error(`notice must be one of ${Object.keys(notices).join(', ')}`);
    return changedRefusal(notice[1](seconds), change);
  }
  const description = change.description ?? change.title;
  if (typeof description !== 'string') throw new Error('a refusal must have a title or a description');
  const until = seconds === undefined ? undefined : untilIn(seconds);
  return changedRefusal({ as: 'private', description, color: moderationColor, until }, change);
}

export function readRefusalChange(body: Record<string, unknown>): RefusalChange {
  return {
    as: choice(body, 'as', answerKinds) ?? undefined,
    title: text(body, 'title'),
    description: text(body, 'description') ?? undefined,
    color: body.color === null || typeof body.color === 'number' ? body.color : undefined,
    footer: text(body, 'footer'),
    plain: typeof body.plain === 'boolean' ? body.plain : undefined,
    buttons: choice(body, 'buttons', buttonKinds),
  };
}

/** The refusal with the given changes. */
export function changedRefusal(refusal: Refusal, change: RefusalChange): Refusal {
  const changes = Object.entries(change).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value ?? undefined]],
  );
  return { ...refusal, ...Object.fromEntries(changes) };
}

export function isRefusal(value: object): value is Refusal {
  return 'as' in value;
}

/** The name of a refusal in job records. */
export function nameOf({ title, description }: Refusal): string {
  return title ?? description;
}

/** A refusal as a message shows it. `footer` is for those that have none of their own. */
export function refusalMessage(refusal: Refusal, footer?: string): Partial<Message> {
  const { title, description, color, plain } = refusal;
  const shownFooter = refusal.footer ?? footer;
  if (plain) return { content: [title, description, shownFooter].filter(Boolean).join('\n') };
  const embed = {
    ...(title === undefined ? {} : { title }),
    description,
    ...(color === undefined ? {} : { color }),
    ...(shownFooter === undefined ? {} : { footer: { text: shownFooter } }),
  };
  return { content: '', embeds: [embed], components: buttonsOf(refusal) };
}

function buttonsOf({ buttons }: Refusal): ActionRow[] {
  const token = randomBytes(8).toString('base64url');
  if (buttons === 'appeal') return appealButton(token);
  if (buttons === 'moderation') return moderationButtons(token);
  return buttons === 'human_check' ? humanCheckButtons() : [];
}

function text(body: Record<string, unknown>, key: string): string | null | undefined {
  const value = body[key];
  if (value === undefined || value === null || typeof value === 'string') return value;
  throw new Error(`${key} must be a text`);
}

function choice<T extends string>(
  body: Record<string, unknown>,
  key: string,
  choices: readonly T[],
): T | null | undefined {
  const value = body[key];
  if (value === undefined || value === null) return value;
  const found = choices.find((known) => known === value);
  if (found === undefined) throw new Error(`${key} must be one of ${choices.join(', ')}`);
  return found;
}
