import { z } from 'zod';
import type { NoticeState } from '../../notices/notice-states.ts';
import { taskStatuses } from '../statuses.ts';
import { bots, failCodes, promptIssueCodes, speeds, triggerTypes } from '../task.ts';

const moment = z.iso.datetime({ precision: 3 });
const count = z.int().optional();
const noticeCounts = { waiting: count, delivered: count, overtaken: count, dead: count } satisfies Record<
  NoticeState,
  typeof count
>;

export const promptIssueSchema = z.object({
  parameter: z.string().optional().describe('by its short name, such as `ar`'),
  code: z.enum(promptIssueCodes).describe('for programs'),
  message: z.string().describe('a sentence for people'),
});

/**
 * A task as it is on the wire, in answers and in notices: the one description of it. Fields without a value are left
 * out. Clients get their own tasks without the fields of operators.
 */
export const taskSchema = z.object({
  trigger_id: z.string(),
  trigger_type: z.enum(triggerTypes),
  button: z
    .string()
    .optional()
    .describe('of an `action`: which kind of button it presses, such as `upscale` or `custom_zoom`'),
  bot: z.enum(bots),
  status: z.enum(taskStatuses),
  progress: z.int().min(0).max(100),
  prompt: z.string().describe('as you wrote it'),
  sent_prompt: z
    .string()
    .optional()
    .describe(
      'what Midjourney was sent, where that is not the prompt: with its fields, a pinned model, as the operator’s service changed it',
    ),
  index: z.int().min(1).max(4).optional(),
  speed: z.enum(speeds).optional().describe('that the prompt asks for'),
  parent_trigger_id: z.string().optional(),
  msg_id: z.string().optional(),
  msg_hash: z.string().optional(),
  image_url: z
    .string()
    .optional()
    .describe(
      'where the picture stays, see `GET /v1/images/{file}`; on Discord’s servers until it is stored, ' +
        'and then good for about a day after the task was read',
    ),
  preview_url: z
    .string()
    .optional()
    .describe('while it is drawn: how far its picture is. Another link with each progress; gone at the end'),
  media_type: z
    .string()
    .optional()
    .describe('of what is there: a picture or a video. Several videos in one come as a moving `image/webp`'),
  duration: z.number().optional().describe('of a video, once it is stored: seconds'),
  poster_url: z.string().optional().describe('a picture that shows a stored video standing still'),
  width: z.int().optional(),
  height: z.int().optional(),
  buttons: z.array(
    z.object({
      label: z.string(),
      custom_id: z.string(),
      name: z
        .string()
        .optional()
        .describe('what it is, in words: its label may be a picture or a number')
        .meta({ example: 'Vary (Subtle)' }),
      action: z.string().optional().describe('the route that presses it; /action presses any'),
      form: z
        .enum(['always', 'maybe'])
        .optional()
        .describe('it asks for a prompt, which POST /action takes: `always`, or `maybe`, in remix mode only'),
      unavailable: z
        .string()
        .optional()
        .describe('why it cannot be pressed now: a sentence; absent where it can be'),
    }),
  ),
  texts: z.array(z.string()).optional().describe('describe: the four prompts; shorten: the shorter ones'),
  analysis: z
    .string()
    .optional()
    .describe('shorten: what Midjourney answered, as markdown: which words matter, and the shorter prompts'),
  drawn: z
    .object({
      prompt: z.string().describe('as Midjourney repeats it'),
      model: z.string().optional().describe('such as `8.1` or `niji 7`'),
      speed: z.enum(speeds).optional(),
      seed: z.int().optional().describe('once it was asked for: `GET /task/{id}/seed`'),
    })
    .optional()
    .describe('what Midjourney says that it has drawn; without what it does not say'),
  warnings: z
    .array(promptIssueSchema)
    .optional()
    .describe('what Midjourney may refuse or draw otherwise, or has drawn otherwise'),
  fail_code: z.enum(failCodes).optional(),
  fail_reason: z.string().optional().describe('for people'),
  late_result: z
    .object({
      available: z.literal(true),
      image_url: z.string().optional().describe('operators: as are the fields after it'),
      msg_id: z.string().optional(),
      msg_hash: z.string().optional(),
    })
    .optional()
    .describe(
      'its picture came after the task had failed: `POST /task/{id}/claim` makes it yours for a token',
    ),
  token: z.enum(['reserved', 'spent', 'refunded']),
  queue: z
    .object({
      position: z.int().describe('1 is next'),
      reason: z.string().optional().describe('why it waits, when there is more to it than its position'),
      estimate_seconds: z
        .int()
        .optional()
        .describe('until its picture is finished; absent while nothing can be drawn'),
    })
    .optional()
    .describe('of a waiting task, asked for by its id; where it has `retry_at`, always'),
  retry_at: moment
    .optional()
    .describe('of a waiting task that Midjourney did not take: when it is sent again'),
  position: z.int().optional().describe('as in `queue`'),
  estimate_seconds: z.int().optional().describe('as in `queue`'),
  state: z.string().optional(),
  created_at: moment,
  submitted_at: moment.optional(),
  started_at: moment.optional(),
  finished_at: moment.optional(),
  user: z.string().optional().describe('operators: whose it is, as are the fields after it'),
  account: z.string().optional().describe('that draws it'),
  attempts: z.int().optional().describe('how often a worker was about to send it'),
  request_id: z.string().optional().describe('of the request that submitted it'),
  fail_detail: z.string().optional().describe('what only operators are shown of the failure'),
  notices: z
    .object({
      ...noticeCounts,
      reason: z.string().optional().describe('why the last attempt failed'),
    })
    .optional()
    .describe('what its notify_hook is sent, by state'),
});

export type TaskView = z.infer<typeof taskSchema>;

/** What operators see of a task beside what its owner sees. */
export type OperatorView = Pick<
  TaskView,
  'user' | 'account' | 'attempts' | 'request_id' | 'fail_detail' | 'notices' | 'late_result'
>;

export type QueuePosition = NonNullable<TaskView['queue']>;
