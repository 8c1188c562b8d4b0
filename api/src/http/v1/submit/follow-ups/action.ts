import { createRoute, z } from '@hono/zod-openapi';
import { type NamedButton, parentFields, pressNamedButton } from '../../../../commands/press-button.ts';
import type { BannedWords } from '../../../../commands/prompts/banned-words.ts';
import { promptField, refuseBanned } from '../../../../commands/prompts/check-prompt.ts';
import { Refusal } from '../../../../commands/refusal.ts';
import { type SubmitTask, submitAnswer } from '../../../../commands/submit.ts';
import type { Dependencies } from '../../../../dependencies.ts';
import type { Api } from '../../../app-env.ts';
import { problemResponses } from '../../../problems/problem-schema.ts';
import {
  acceptedResponse,
  exampleHash,
  exampleTaskId,
  hasAtMost,
  submitFields,
  submitParameters,
} from '../../fields.ts';
import { followUpProblems } from './follow-up-route.ts';

/** Discord's forms take no more. */
const longestFormText = 4_000;

const bodySchema = z
  .strictObject({
    ...parentFields,
    custom_id: z
      .string()
      .min(1)
      .max(100)
      .nullish()
      .openapi({ example: `MJ::JOB::pan_left::1::${exampleHash}::SOLO` })
      .describe('of one of the `buttons` of the task'),
    label: z
      .string()
      .min(1)
      .max(80)
      .nullish()
      .openapi({ example: 'Vary (Subtle)' })
      .describe('of one of the `buttons`, in place of its custom_id'),
    prompt: promptField
      .refine(hasAtMost(longestFormText), `must have at most ${longestFormText} characters`)
      .nullish()
      .openapi({ type: ['string', 'null'], maxLength: longestFormText })
      .describe(
        'for a button that opens a form: Custom Zoom, or in remix mode variations, pans and reroll. Left out, the form ' +
          'is sent as Midjourney proposes it. Only with an account that listens with a session of its user',
      ),
    ...submitFields,
  })
  .openapi('Action');

const route = createRoute({
  method: 'post',
  path: '/action',
  tags: ['Submit'],
  summary: 'Press any button that a task shows',
  description:
    'Also those under the prompts of a describe or shorten, which draw one of them. ' +
    'What draws nothing, such as marking a favourite, or needs the web editor of Midjourney, such as varying a region, ' +
    'is answered with 409 and a sentence saying so. Costs one token, which is given back if the task fails.',
  parameters: submitParameters,
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: bodySchema,
          examples: {
            label: { value: { trigger_id: exampleTaskId, label: 'Upscale (Subtle)' } },
            custom_id: {
              value: { trigger_id: exampleTaskId, custom_id: `MJ::JOB::pan_left::1::${exampleHash}::SOLO` },
            },
            prompt: {
              value: { trigger_id: exampleTaskId, label: 'Custom Zoom', prompt: 'a framed picture --zoom 2' },
            },
          },
        },
      },
    },
  },
  responses: {
    200: acceptedResponse({
      message: 'success',
      trigger_id: '1767323045678401',
      trigger_type: 'action',
      status: 'queued',
      parent_trigger_id: exampleTaskId,
    }),
    ...followUpProblems,
    ...problemResponses('invalid_request', 'banned_prompt'),
  },
});

export function addAction(
  api: Api,
  { db }: Dependencies,
  submitTask: SubmitTask,
  bannedWords: BannedWords,
): void {
  api.openapi(route, async (c) => {
    const body = c.req.valid('json');
    const task = await submitTask(c, body, async () => {
      const prompt = body.prompt ?? undefined;
      if (prompt !== undefined) refuseBanned(bannedWords, prompt);
      const press = await pressNamedButton(db, c.get('user').id, body, namedButton(body), prompt);
      return { triggerType: 'action', ...press };
    });
    return c.json(submitAnswer(task), 200);
  });
}

function namedButton({ custom_id, label }: z.infer<typeof bodySchema>): NamedButton {
  if (custom_id && !label) return { custom_id };
  if (label && !custom_id) return { label };
  const errors = [{ path: 'custom_id', message: 'or label, one of the two, must say which button' }];
  throw new Refusal('invalid_request', 'Say which button by its custom_id or by its label, not both.', {
    errors,
  });
}
