import type { RefusalText } from '../accounts.ts';

export type Refusal = RefusalText & { color: number; ephemeral: boolean };

const ERROR = 16_711_680;
const WARNING = 16_776_960;
const QUEUE_WARNING = 16_239_475;

const error = (title: string, description: string): Refusal => ({
  title,
  description,
  color: ERROR,
  ephemeral: false,
});

/** The bot's refusals, with the titles that public clients know. Those only the user sees are ephemeral. */
export const refusals = {
  emptyPrompt: () => error('Invalid prompt', 'Prompt is empty. Write what you want to see.'),
  unknownParameter: (name: string) => error('Invalid parameter', `Unrecognized parameter(s): \`${name}\``),
  badValue: (name: string, value: string) =>
    error(
      'Invalid parameter',
      value === '' ? `Missing value for \`${name}\`` : `Invalid value \`${value}\` for \`${name}\``,
    ),
  incompatible: (one: string, other: string) =>
    error('Invalid parameter', `\`${one}\` is not compatible with \`${other}\``),
  invalidLink: (link: string) =>
    error('Invalid link', `Could not fetch image. Received status code 404: ${link}`),
  bannedPrompt: (word: string) =>
    error(
      'Banned prompt detected',
      `The word \`${word}\` is banned. Circumventing this filter to violate our rules may result in your access being revoked.`,
    ),
  imageDenied: () => error('Image denied', 'The file is not an image that Midjourney can read.'),
  jobUnknown: (): Refusal => ({
    ...error('Job action restricted', 'This action can no longer be performed on this job.'),
    color: WARNING,
  }),
  showUnknown: (jobId: string) => error('Invalid parameter', `Could not find a job with id \`${jobId}\``),
  jobQueued: (): Refusal => ({
    title: 'Job queued',
    description: 'The other jobs of yours must finish first. This one is in the queue.',
    color: QUEUE_WARNING,
    ephemeral: true,
  }),
  queueFull: (): Refusal => ({
    title: 'Queue full',
    description: 'Your job queue is full. Please wait for a job to finish first, then resubmit this one.',
    color: QUEUE_WARNING,
    ephemeral: true,
  }),
  account: ({ title, description, color = ERROR, ephemeral = false }: RefusalText): Refusal => ({
    title,
    description,
    color,
    ephemeral,
  }),
};
