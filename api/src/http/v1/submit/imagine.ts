import { createRoute, z } from '@hono/zod-openapi';
import type { BannedWords } from '../../../commands/prompts/banned-words.ts';
import { promptField, refuseBanned, refuseTooLong } from '../../../commands/prompts/check-prompt.ts';
import { withSpeed } from '../../../commands/prompts/speed.ts';
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

const bodySchema = z
  .strictObject({
    prompt: promptField.describe('what to draw, with parameters such as --ar 3:2'),
    picurl: z
      .url({ protocol: /^https?$/, normalize: true, error: 'must be an http or https URL' })
      .max(2_048)
      .or(z.literal(''))
      .nullish()
      .openapi({ type: ['string', 'null'], format: 'uri', maxLength: 2_048 })
      .describe('picture to start from; it goes before the prompt'),
    speed: speedField.describe(
      'written into the prompt as --fast, --relax or --turbo, which it may have already, and drawn by an account that can',
    ),
    bot: botField,
    ...submitFields,
  })
  .openapi('Imagine');

const route = createRoute({
  method: 'post',
  path: '/imagine',
  tags: ['Submit'],
  summary: 'Draw four pictures from a prompt',
  description: 'Costs one token, which is given back if the task fails.',
  parameters: submitParameters,
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: bodySchema,
          example: { prompt: 'a beautiful sunset over the sea --ar 3:2', picurl: null },
        },
      },
    },
  },
  responses: {
    200: acceptedResponse({
      message: 'success',
      trigger_id: exampleTaskId,
      trigger_type: 'generate',
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

export function addImagine(api: Api, submitTask: SubmitTask, bannedWords: BannedWords): void {
  api.openapi(route, async (c) => {
    const body = c.req.valid('json');
    const task = await submitTask(c, body, () => {
      refuseBanned(bannedWords, body.prompt);
      const { prompt, speed } = withSpeed(body.prompt, body.speed ?? undefined);
      const withPicture = body.picurl ? `${body.picurl} ${prompt}` : prompt;
      refuseTooLong(withPicture, { marked: true });
      return {
        triggerType: 'generate',
        action: { kind: 'imagine', prompt: withPicture, ...ofBot(body.bot) },
        prompt: body.prompt,
        speed,
      };
    });
    return c.json(submitAnswer(task), 200);
  });
}
