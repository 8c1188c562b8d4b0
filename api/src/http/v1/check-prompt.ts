import { createRoute, z } from '@hono/zod-openapi';
import { promptIssueSchema } from '@midjourney-api/shared/tasks/views/task-schema';
import { createCheckPrompt } from '../../commands/prompts/check-prompt.ts';
import type { Api, RouteContext } from '../app-env.ts';
import { problemsWithKey } from '../problems/problem-schema.ts';
import { accountNameField, botField, paramsField, promptField, speedField } from './fields.ts';

const route = createRoute({
  method: 'post',
  path: '/prompts/check',
  operationId: 'checkPrompt',
  tags: ['Submit'],
  summary: 'What Midjourney would refuse or ignore in a prompt',
  description:
    'Costs nothing and draws nothing. Errors are what Midjourney or this service would refuse; warnings are what ' +
    'Midjourney may refuse or draw differently. A prompt that names no model is checked for the model that it is ' +
    'probably drawn with, and what is wrong for that model only is a warning.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .strictObject({
              prompt: promptField.describe('as for /imagine'),
              params: paramsField,
              speed: speedField,
              bot: botField,
              account: accountNameField
                .nullish()
                .openapi({ type: ['string', 'null'] })
                .describe('the Midjourney account that is to draw it, by the name that the operator gave it'),
            })
            .openapi('PromptToCheck'),
          example: { prompt: 'a cat --oref https://pictures.example/cat.png --v 8.1' },
        },
      },
    },
  },
  responses: {
    200: {
      description: 'What is wrong with it',
      content: {
        'application/json': {
          schema: z
            .object({
              ok: z.boolean().describe('whether there are no errors'),
              errors: z.array(promptIssueSchema),
              warnings: z.array(promptIssueSchema),
              model: z.string().describe('the model that it is drawn with, such as `8.1` or `niji 7`'),
            })
            .openapi('CheckedPrompt'),
          example: {
            ok: false,
            errors: [
              {
                parameter: 'oref',
                code: 'not_taken' as const,
                message: 'Model 8.1 does not take --oref: use --edit instead.',
              },
            ],
            warnings: [],
            model: '8.1',
          },
        },
      },
    },
    ...problemsWithKey('invalid_request', 'too_large'),
  },
});

export function addCheckPrompt(api: Api, deps: RouteContext): void {
  const checkPrompt = createCheckPrompt(deps);
  api.openapi(route, async (c) => {
    const { prompt: text, ...asked } = c.req.valid('json');
    const checked = await checkPrompt({ text, ...asked });
    return c.json({ ok: checked.errors.length === 0, ...checked }, 200);
  });
}
