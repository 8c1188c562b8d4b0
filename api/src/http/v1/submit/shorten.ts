import { createRoute, z } from '@hono/zod-openapi';
import type { BannedWords } from '../../../commands/prompts/banned-words.ts';
import { promptField, refuseBanned, refuseTooLong } from '../../../commands/prompts/check-prompt.ts';
import { type SubmitTask, submitAnswer } from '../../../commands/submit.ts';
import type { Api } from '../../app-env.ts';
import { problemResponses } from '../../problems/problem-schema.ts';
import {
  acceptedResponse,
  botField,
  exampleTaskId,
  ofBot,
  speedField,
  submitFields,
  submitParameters,
} from '../fields.ts';

const route = createRoute({
  method: 'post',
  path: '/shorten',
  tags: ['Submit'],
  summary: 'Shorter prompts for a prompt',
  description:
    'They are in `texts` of the task, the longest first. An account shortens one prompt at a time. ' +
    'Costs one token, which is given back if the task fails.',
  parameters: submitParameters,
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .strictObject({
              prompt: promptField.describe('what to shorten'),
              bot: botField,
              speed: speedField.describe('chooses an account that draws at it'),
              ...submitFields,
            })
            .openapi('Shorten'),
          example: { prompt: 'a beautiful and very peaceful sunset over the calm sea, in warm colours' },
        },
      },
    },
  },
  responses: {
    200: acceptedResponse({
      message: 'success',
      trigger_id: exampleTaskId,
      trigger_type: 'shorten',
      status: 'queued',
    }),
    ...problemResponses(
      'invalid_request',
      'banned_prompt',
      'auth_failed',
      'idempotency_conflict',
      'too_large',
      'insufficient_tokens',
      'queue_full',
      'unavailable',
      'internal',
    ),
  },
});

export function addShorten(api: Api, submitTask: SubmitTask, bannedWords: BannedWords): void {
  api.openapi(route, async (c) => {
    const body = c.req.valid('json');
    const { prompt } = body;
    const task = await submitTask(c, body, () => {
      refuseBanned(bannedWords, prompt);
      refuseTooLong(prompt, { marked: false });
      return {
        triggerType: 'shorten',
        action: { kind: 'shorten', prompt, ...ofBot(body.bot) },
        prompt,
        speed: body.speed ?? null,
      };
    });
    return c.json(submitAnswer(task), 200);
  });
}
