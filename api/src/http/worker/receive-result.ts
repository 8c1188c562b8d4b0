import { createRoute, z } from '@hono/zod-openapi';
import { resultAnswerSchema, resultEventSchema } from '@midjourney-api/shared/results/result-event';
import { isTaskId } from '@midjourney-api/shared/tasks/task-id';
import { createApplyResult } from '../../commands/results/apply-result.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { Api } from '../app-env.ts';
import { createApi } from '../create-api.ts';
import { bodyLimit, jsonBodyBytes } from '../middleware/body-limit.ts';
import { problemResponses } from '../problems/problem-schema.ts';
import { exampleHash, exampleTaskId } from '../v1/fields.ts';
import { signedResults } from './signed-results.ts';

/** What workers call. */
export function createWorkerApi(deps: Dependencies): Api {
  const api = createApi();
  const applyResult = createApplyResult(deps);
  const route = createRoute({
    method: 'post',
    path: '/midjourney/result',
    operationId: 'receiveResult',
    tags: ['Worker'],
    summary: 'The result webhook: what Midjourney did, reported by a worker',
    description:
      'Needs no app_key; signed per the Standard Webhooks specification with RESULT_WEBHOOK_SECRET. ' +
      'Any event may come twice, late or out of order: nothing changes twice.',
    security: [{ webhookSignature: [] }],
    // Before the body is validated: callers who cannot sign learn nothing about what would be accepted.
    middleware: [bodyLimit(jsonBodyBytes), signedResults(deps.config.RESULT_WEBHOOK_SECRET)] as const,
    request: {
      body: {
        required: true,
        content: {
          'application/json': {
            schema: resultEventSchema,
            example: {
              type: 'end',
              id: '1279000000000000000',
              content: '**a beautiful sunset** - <@1097074882203303911> (fast)',
              attachments: [
                {
                  id: '1279000000000000001',
                  url: `https://cdn.discordapp.com/attachments/1/2/user_a_beautiful_sunset_${exampleHash}.png`,
                  filename: `user_a_beautiful_sunset_${exampleHash}.png`,
                  width: 1024,
                  height: 1024,
                },
              ],
              embeds: [],
              trigger_id: exampleTaskId,
            },
          },
        },
      },
    },
    responses: {
      200: {
        description: "The task's status, and whether this event changed anything",
        content: {
          'application/json': {
            schema: z.object(resultAnswerSchema.shape).openapi('ResultAnswer'),
            example: { status: 'succeeded', applied: true },
          },
        },
      },
      ...problemResponses(
        'invalid_request',
        'bad_signature',
        'not_found',
        'too_large',
        'unavailable',
        'internal',
      ),
    },
  });

  api.openapi(route, async (c) => {
    const result = c.req.valid('json');
    if (isTaskId(result.trigger_id)) c.set('task', result.trigger_id);
    const { task, applied, resultIsTaken } = await applyResult(result, c.get('requestId'));
    return c.json({ status: task.status, applied, ...(resultIsTaken && { result_is_taken: true }) }, 200);
  });
  return api;
}
