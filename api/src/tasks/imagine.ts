import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../app-env.ts';
import { Problem } from '../problems/problem.ts';
import { problemResponses } from '../problems/problem-schema.ts';
import type { BannedWords } from '../prompts/banned-words.ts';
import { normalizePrompt } from '../prompts/normalize-prompt.ts';
import { type SubmitTask, submitAnswer } from './submit-task.ts';
import { acceptedResponse, exampleTaskId, hasAtMost, submitFields, submitHeaders } from './task-fields.ts';

const longestPrompt = 6_000;

const bodySchema = z
  .object({
    prompt: z
      .string()
      .overwrite(normalizePrompt)
      .refine((prompt) => prompt !== '', 'must not be empty')
      .refine(hasAtMost(longestPrompt), `must have at most ${longestPrompt} characters`)
      .openapi({ type: 'string', minLength: 1, maxLength: longestPrompt })
      .describe('what to draw, with parameters such as --ar 3:2'),
    picurl: z
      .url({ protocol: /^https?$/, normalize: true, error: 'must be an http or https URL' })
      .max(2_048)
      .or(z.literal(''))
      .nullish()
      .openapi({ type: ['string', 'null'], format: 'uri', maxLength: 2_048 })
      .describe('picture to start from; it goes before the prompt'),
    ...submitFields,
  })
  .openapi('Imagine');

const route = createRoute({
  method: 'post',
  path: '/imagine',
  tags: ['Submit'],
  summary: 'Draw four pictures from a prompt',
  description: 'Costs one token, which is given back if the task fails.',
  request: {
    headers: submitHeaders,
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
  const refuseBanned = (prompt: string) => {
    const banned = bannedWords.find(prompt);
    if (!banned) return;
    throw new Problem(
      'banned_prompt',
      `The prompt has the word "${banned}", which this service does not allow. Nothing was charged.`,
    );
  };

  api.openapi(route, async (c) => {
    const body = c.req.valid('json');
    const task = await submitTask(c, body, () => {
      refuseBanned(body.prompt);
      const prompt = body.picurl ? `${body.picurl} ${body.prompt}` : body.prompt;
      return { triggerType: 'generate', action: { kind: 'imagine', prompt }, prompt: body.prompt };
    });
    return c.json(submitAnswer(task), 200);
  });
}
