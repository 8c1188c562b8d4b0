import { createRoute, z } from '@hono/zod-openapi';
import { withAdvice } from '../../../../commands/advice.ts';
import { drawAllPrompts } from '../../../../commands/follow-ups/draw-all-prompts.ts';
import type { Refusal } from '../../../../commands/refusal.ts';
import type { Api, RouteContext } from '../../../app-env.ts';
import { problemsWithKey } from '../../../problems/problem-schema.ts';
import { exampleTaskId, taskIdField } from '../../fields.ts';
import { idempotencyKeyParameters, readOnce } from '../../idempotency-key.ts';
import { v1Operations } from '../../operations.ts';
import { hookOf, submitFields } from '../submit-fields.ts';
import { followUpProblems } from './follow-up-route.ts';

const path = '/imagine_all';

const route = createRoute({
  method: 'post',
  path,
  operationId: 'imagineAll',
  tags: ['Submit'],
  summary: 'Draw all prompts of a describe or shorten',
  description:
    'Each prompt becomes a task and costs one token, which is given back if that task fails. ' +
    'If the tokens suffice for some of them only, those are drawn, and `refused` says why the others are not; repeated ' +
    'with the same `Idempotency-Key`, the request submits those that are missing.',
  parameters: idempotencyKeyParameters,
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .strictObject({
              trigger_id: taskIdField.describe('the describe or shorten task that has the prompts'),
              ...submitFields,
            })
            .openapi('ImagineAll'),
          example: { trigger_id: exampleTaskId },
        },
      },
    },
  },
  responses: {
    200: {
      description: 'Accepted: follow each task by its id',
      content: {
        'application/json': {
          schema: z
            .object({
              message: z.literal('success'),
              trigger_ids: z
                .array(z.string())
                .describe('the ids of the new tasks, in the order of the prompts'),
              parent_trigger_id: z.string(),
              refused: z
                .object({ code: z.string(), detail: z.string() })
                .optional()
                .describe('why the remaining prompts were not submitted'),
            })
            .openapi('AllAccepted'),
          example: {
            message: 'success' as const,
            trigger_ids: [1, 2, 3, 4].map((n) => `176732304567840${n}`),
            parent_trigger_id: exampleTaskId,
          },
        },
      },
    },
    ...problemsWithKey(
      'invalid_request',
      'banned_prompt',
      ...followUpProblems,
      'idempotency_conflict',
      'too_large',
      'insufficient_tokens',
      'queue_full',
    ),
  },
});

export function addImagineAll(api: Api, { db, commands }: RouteContext): void {
  api.openapi(route, async (c) => {
    const body = c.req.valid('json');
    const once = readOnce(c, path);
    const { taskIds, refusal } = await drawAllPrompts(
      { db, ...commands },
      {
        taskId: body.trigger_id,
        user: c.get('user'),
        requestId: c.get('requestId'),
        state: body.state,
        hook: hookOf(body),
        once: once && { ...once, body },
      },
    );
    return c.json(
      {
        message: 'success' as const,
        trigger_ids: taskIds,
        parent_trigger_id: body.trigger_id,
        ...(refusal && { refused: refusedIn(refusal) }),
      },
      200,
    );
  });
}

function refusedIn({ code, message, advice }: Refusal) {
  return { code, detail: withAdvice(message, advice, v1Operations) };
}
