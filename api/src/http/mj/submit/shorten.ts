import { z } from '@hono/zod-openapi';
import { shortenRequest } from '../../../commands/requests/shorten.ts';
import { botOf, botTypeField, mjPromptField, mjSubmitFields } from './submit-fields.ts';
import { mjSubmit } from './submit-route.ts';

export const addMjShorten = mjSubmit({
  path: '/submit/shorten',
  operationId: 'mjShorten',
  summary: 'Shorter prompts for a prompt',
  description: 'What Midjourney says about its words is `properties.finalPrompt` of the task.',
  schema: z
    .object({ prompt: mjPromptField.describe('what to shorten'), botType: botTypeField, ...mjSubmitFields })
    .openapi('MjShorten'),
  example: { prompt: 'a beautiful and very peaceful sunset over the calm sea, in warm colours' },
  request: ({ prompt, botType }, { user, speed }, { commands }) =>
    shortenRequest(commands, user, { prompt, speed, bot: botOf(botType) }),
});
