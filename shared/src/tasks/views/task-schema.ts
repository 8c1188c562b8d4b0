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
 * A task on the wire, in answers and notices. Fields without a value are left out. Clients get their own tasks, without
 * the operators' fields.
 */
export const taskSchema = z.object({
  trigger_id: z.string(),
  trigger_type: z.enum(triggerTypes),
  button: z
    .string()
    .optional()
    .describe('for an `action`: the kind of button that it presses, such as `upscale` or `custom_zoom`'),
  bot: z.enum(bots),
  status: z.enum(taskStatuses),
  progress: z.int().min(0).max(100),
  prompt: z.string().describe('as you wrote it'),
  sent_prompt: z
    .string()
    .optional()
    .describe(
      'what is sent to Midjourney, if it differs from `prompt`: with `params`, a pinned model, or changes by the operator’s prompt service',
    ),
  index: z.int().min(1).max(4).optional(),
  speed: z.enum(speeds).optional().describe('the speed that the prompt asks for'),
  parent_trigger_id: z.string().optional(),
  msg_id: z.string().optional(),
  msg_hash: z.string().optional(),
  image_url: z
    .string()
    .optional()
    .describe(
      'permanent link to the picture, see `GET /v1/images/{file}`; until the picture is stored, ' +
        'a link to Discord that is valid for about a day after the task was read',
    ),
  preview_url: z
    .string()
    .optional()
    .describe(
      'while it is drawn: the unfinished picture. The link changes with each progress, and is gone at the end',
    ),
  media_type: z
    .string()
    .optional()
    .describe('type of the picture or video. Several videos come as one animated `image/webp`'),
  duration: z.number().optional().describe('duration of a video in seconds, once it is stored'),
  poster_url: z.string().optional().describe('still picture of a stored video'),
  width: z.int().optional(),
  height: z.int().optional(),
  buttons: z.array(
    z.object({
      label: z.string(),
      custom_id: z.string(),
      name: z
        .string()
        .optional()
        .describe('the button in words, because its label may be an emoji or a number')
        .meta({ example: 'Vary (Subtle)' }),
      action: z.string().optional().describe('the route that presses it; `/action` presses any button'),
      form: z
        .enum(['always', 'maybe'])
        .optional()
        .describe(
          'whether it asks for a prompt, which `POST /action` takes: `always`, or `maybe`, that is in remix mode only',
        ),
      unavailable: z
        .string()
        .optional()
        .describe('why it cannot be pressed, as a sentence; absent if it can'),
    }),
  ),
  texts: z
    .array(z.string())
    .optional()
    .describe('for describe: the four prompts; for shorten: the shorter prompts'),
  analysis: z
    .string()
    .optional()
    .describe(
      'for shorten: Midjourney’s answer as markdown, with the words that matter and the shorter prompts',
    ),
  drawn: z
    .object({
      prompt: z.string().describe('as Midjourney repeats it'),
      model: z.string().optional().describe('such as `8.1` or `niji 7`'),
      speed: z.enum(speeds).optional(),
      seed: z.int().optional().describe('known once it was requested by `GET /task/{id}/seed`'),
    })
    .optional()
    .describe('what Midjourney says it drew'),
  warnings: z
    .array(promptIssueSchema)
    .optional()
    .describe('what Midjourney may refuse, or may draw or has drawn differently than requested'),
  fail_code: z.enum(failCodes).optional(),
  fail_reason: z.string().optional().describe('for people'),
  late_result: z
    .object({
      available: z.literal(true),
      image_url: z.string().optional().describe('only for operators, like the fields after it'),
      msg_id: z.string().optional(),
      msg_hash: z.string().optional(),
    })
    .optional()
    .describe('a picture arrived after the task had failed; `POST /task/{id}/claim` buys it for one token'),
  token: z.enum(['reserved', 'spent', 'refunded']),
  queue: z
    .object({
      position: z.int().describe('1 is next'),
      reason: z.string().optional().describe('why it waits, if not only because of its position'),
      estimate_seconds: z
        .int()
        .optional()
        .describe('seconds until its picture is finished; absent while nothing can be drawn'),
    })
    .optional()
    .describe('for a waiting task that is read by its id, and always together with `retry_at`'),
  retry_at: moment.optional().describe('when a task that Midjourney did not accept is sent again'),
  position: z.int().optional().describe('as in `queue`'),
  estimate_seconds: z.int().optional().describe('as in `queue`'),
  state: z.string().optional(),
  created_at: moment,
  submitted_at: moment.optional(),
  started_at: moment.optional(),
  finished_at: moment.optional(),
  user: z.string().optional().describe('the owner; only for operators, like the fields after it'),
  account: z.string().optional().describe('the account that draws it'),
  attempts: z.int().optional().describe('how many times a worker was about to send it'),
  request_id: z.string().optional().describe('id of the request that submitted it'),
  fail_detail: z.string().optional().describe('details of the failure that only operators see'),
  notices: z
    .object({
      ...noticeCounts,
      reason: z.string().optional().describe('why the last attempt failed'),
    })
    .optional()
    .describe('number of notices to its notify_hook, by state'),
});

export type TaskView = z.infer<typeof taskSchema>;

/** What operators see of a task in addition to its owner. */
export type OperatorView = Pick<
  TaskView,
  'user' | 'account' | 'attempts' | 'request_id' | 'fail_detail' | 'notices' | 'late_result'
>;

export type QueuePosition = NonNullable<TaskView['queue']>;
