import { z } from '@hono/zod-openapi';
import { type Bot, bots, notifyChoices, speeds, triggerTypes } from '@midjourney-api/shared/tasks/task';
import type { Context } from 'hono';
import { invalidField } from '../../commands/refusal.ts';

/** Fields that several routes take, and how each is checked. */

export const exampleTaskId = '1767323045678400';
export const exampleHash = '39d7cf9f-c2f0-4adf-a124-0020fb9f867f';

/** A task's id. Clients may send it as a number, which holds every id exactly; a larger number has lost digits. */
export const taskIdField = z
  .preprocess(
    (value) => (Number.isSafeInteger(value) ? String(value) : value),
    z
      .string('must be a task id of 10 to 19 digits, as a string')
      .regex(/^\d{10,19}$/, 'must be a task id of 10 to 19 digits'),
  )
  .openapi({ type: 'string', pattern: '^\\d{10,19}$', example: exampleTaskId });

/** Counts characters as people and MySQL do: an emoji is one, although JavaScript's `length` says two. */
export function hasAtMost(most: number): (text: string) => boolean {
  return (text) => text.length <= most || [...text].length <= most;
}

const longestState = 1_024;

/** What every submit route takes beside its own fields. */
export const submitFields = {
  state: z
    .string()
    .refine(hasAtMost(longestState), `must have at most ${longestState} characters`)
    .nullish()
    .openapi({ type: ['string', 'null'], maxLength: longestState })
    .describe('your own text, handed back with the task as given'),
  notify_hook: z
    // What else it must be depends on ALLOW_PRIVATE_HOOKS, and is checked with it.
    .url({ protocol: /^https?$/, error: 'must be an https URL' })
    .max(2_048)
    .or(z.literal(''))
    .nullish()
    .openapi({
      type: ['string', 'null'],
      format: 'uri',
      maxLength: 2_048,
      example: 'https://shop.example/hooks/midjourney',
    })
    .describe(
      'https URL that is told of every change of the task, in order: see the webhook `task` for what it is sent. ' +
        'Signed by Standard Webhooks (https://www.standardwebhooks.com) with a secret of yours, which the operator ' +
        'has for you. It must lead to a public address and answer with 2xx within 10 seconds; anything else is tried ' +
        'again with growing delays for 24 hours, 410 never again. Redirects are not followed.',
    ),
  notify: z
    .enum(notifyChoices)
    .nullish()
    .openapi({ type: ['string', 'null'] })
    .describe(
      'which changes notify_hook is sent: `all`, as without this, or `final`, the end and what comes after it',
    ),
};

export const speedField = z
  .enum(speeds)
  .nullish()
  .openapi({ type: ['string', 'null'] });

export const botField = z
  .enum(bots)
  .nullish()
  .openapi({ type: ['string', 'null'] })
  .describe('which of the two bots; the Midjourney Bot when left out');

/** The part of an action that says whose it is: nothing for the Midjourney Bot's. */
export function ofBot(bot: Bot | null | undefined): { bot?: Bot } {
  return bot && bot !== 'midjourney' ? { bot } : {};
}

const idempotencyKeyHeader = 'idempotency-key';

/** The header that every submit route takes. Described only: as a schema it would have all headers read, each time. */
export const submitParameters = [
  {
    name: idempotencyKeyHeader,
    in: 'header' as const,
    required: false,
    schema: {
      type: 'string' as const,
      minLength: 1,
      maxLength: 255,
      pattern: '^[\\x20-\\x7e]{1,255}$',
      example: 'order-4711-picture-1',
    },
    description:
      'your own name for this submit, such as a UUID: repeated with the same body within 24 hours, it is ' +
      'answered with the first task and charged nothing',
  },
];

/** The submit's Idempotency-Key, if it has one. @throws {Refusal} 400 for one that is none. */
export function readIdempotencyKey(c: Context): string | undefined {
  const key = c.req.header(idempotencyKeyHeader);
  if (key === undefined || /^[\x20-\x7e]{1,255}$/.test(key)) return key;
  throw invalidField(idempotencyKeyHeader, 'must have 1 to 255 printable ASCII characters');
}

export const replayedHeader = z.object({
  'Idempotency-Replayed': z
    .literal('true')
    .optional()
    .describe('when this repeats the answer to an earlier request with the same Idempotency-Key'),
});

/** How a submit is answered when it was accepted, now or, under its Idempotency-Key, before. */
export function acceptedResponse(example: z.infer<typeof submitAnswerSchema>) {
  return {
    description: 'Accepted; follow the task at the address in `Location`',
    headers: z.object({
      Location: z.string().optional().describe('where the task is'),
      ...replayedHeader.shape,
    }),
    content: { 'application/json': { schema: submitAnswerSchema, example } },
  };
}

export const submitAnswerSchema = z
  .object({
    message: z.literal('success'),
    trigger_id: z.string().describe("the new task's id"),
    trigger_type: z.enum(triggerTypes),
    status: z.literal('queued'),
    parent_trigger_id: z.string().optional().describe('the task whose picture it continues'),
  })
  .openapi('Accepted');
