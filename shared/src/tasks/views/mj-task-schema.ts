import { z } from 'zod';
import { speeds } from '../task.ts';

const mjStatuses = ['NOT_START', 'SUBMITTED', 'IN_PROGRESS', 'MODAL', 'SUCCESS', 'FAILURE'] as const;

/** The actions of the protocol that this service uses. */
const mjActions = [
  'IMAGINE',
  'UPSCALE',
  'VARIATION',
  'REROLL',
  'DESCRIBE',
  'BLEND',
  'ZOOM',
  'PAN',
  'SHORTEN',
  'VIDEO',
  'EDIT',
] as const;
export type MjAction = (typeof mjActions)[number];

const upperSpeeds = speeds.map((speed) => speed.toUpperCase() as Uppercase<typeof speed>);
const botTypes = ['MID_JOURNEY', 'NIJI_JOURNEY'] as const;
const moment = z.int().nullable().describe('milliseconds since 1970');
const links = z
  .array(z.object({ url: z.string(), thumbnail: z.string() }))
  .nullable()
  .describe('null, not an empty list, if there are none: clients show these instead of `imageUrl`');

const mjButtonSchema = z.object({
  customId: z.string(),
  emoji: z.string().describe('empty, never null'),
  label: z.string(),
  type: z.literal(2).describe("Discord's component type of a button"),
  style: z.int().describe("Discord's button style"),
});
export type MjButton = z.infer<typeof mjButtonSchema>;

/**
 * A task in the mj-proxy protocol, in answers and notices. Every key is present in every state, as typed clients expect: a
 * single field of the wrong type makes gateways drop a whole list.
 */
export const mjTaskSchema = z.object({
  id: z.string(),
  action: z.enum(mjActions).nullable(),
  status: z.enum(mjStatuses),
  prompt: z.string().nullable(),
  promptEn: z.string().nullable(),
  description: z.string().nullable(),
  state: z.string().nullable().describe('your own text, as given'),
  submitTime: moment,
  startTime: moment,
  finishTime: moment,
  imageUrl: z.string().nullable().describe('while it is drawn: the unfinished picture'),
  imageUrls: links,
  videoUrl: z.string().nullable(),
  videoUrls: links,
  progress: z.string().describe('`0%` to `100%`; `100%` only after success, empty after a failure'),
  failReason: z.string().nullable().describe('null unless it has failed'),
  buttons: z.array(mjButtonSchema),
  botType: z.enum(botTypes),
  mode: z.enum(upperSpeeds).nullable(),
  properties: z.object({
    notifyHook: z.string().nullable(),
    discordInstanceId: z.string().nullable(),
    botType: z.enum(botTypes),
    finalPrompt: z.string().describe('as Midjourney repeats it'),
    finalZhPrompt: z.string(),
  }),
});

export type MjTaskView = z.infer<typeof mjTaskSchema>;
