import { z } from 'zod';
import { taskStatuses } from '../tasks/statuses.ts';
import { failCodes, speeds } from '../tasks/task.ts';

/** A Discord id: a snowflake as a string. */
const snowflake = z.string().regex(/^\d{1,20}$/, 'must be a Discord id');

const attachment = z.object({
  id: snowflake,
  url: z.string(),
  proxy_url: z.string().optional(),
  filename: z.string(),
  content_type: z.string().optional(),
  width: z.number().int().nullish(),
  height: z.number().int().nullish(),
  size: z.number().int().optional(),
  ephemeral: z.boolean().optional(),
});

const embed = z.object({
  type: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  color: z.number().int().optional(),
  image: z
    .object({
      url: z.string(),
      proxy_url: z.string().optional(),
      content_type: z.string().optional(),
      width: z.number().int().nullish(),
      height: z.number().int().nullish(),
    })
    .optional(),
});

/**
 * Discord's message components: rows of buttons, and other containers of buttons.
 * https://discord.com/developers/docs/components/reference
 */
const component = z.looseObject({ type: z.number().int() });

/** The body of the result webhook: one event of one task, in the form of Discord's message. */
export const resultEventSchema = z.object({
  type: z.enum(['start', 'generating', 'end', 'text', 'error', 'banned', 'verify']),
  id: snowflake.describe("id of Discord's message"),
  content: z.string().default(''),
  attachments: z.array(attachment).default([]),
  embeds: z.array(embed).default([]),
  trigger_id: z.string().regex(/^\d{10,19}$/, 'must be the id of a task'),
  components: z.array(component).optional(),
  flags: z.number().int().optional(),
  progress: z.number().int().min(0).max(100).optional(),
  reason: z.string().max(2_000).optional().describe('for people: why it failed'),
  fail_code: z
    .enum(failCodes)
    .optional()
    .describe('with error: why it failed, when it is not simply "rejected"'),
  drawn: z
    .object({ prompt: z.string(), speed: z.enum(speeds).optional() })
    .optional()
    .describe('with a picture: what Midjourney says that it has drawn'),
  job_id: z.string().max(64).optional().describe("Midjourney's id of the job, once it is known"),
  job_ended: z.boolean().optional().describe('with a failure: Midjourney has nothing of it under way'),
});

export type ResultEvent = z.infer<typeof resultEventSchema>;

/** The answer of the result webhook. */
export const resultAnswerSchema = z.object({
  status: z.enum(taskStatuses),
  applied: z.boolean(),
  result_is_taken: z
    .boolean()
    .optional()
    .describe('nothing changed, because the message is another task’s result'),
});

export type ResultAnswer = z.infer<typeof resultAnswerSchema>;
