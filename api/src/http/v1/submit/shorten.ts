import { z } from '@hono/zod-openapi';
import { shortenRequest } from '../../../commands/requests/shorten.ts';
import { botField, promptField, speedField } from '../fields.ts';
import { submitFields } from './submit-fields.ts';
import { costsOneToken, submitRoute } from './submit-route.ts';

export const addShorten = submitRoute({
  path: '/shorten',
  operationId: 'shorten',
  triggerType: 'shorten',
  summary: 'Shorter prompts for a prompt',
  description: `The prompts are in \`texts\` of the task, the longest first. An account shortens one prompt at a time. ${costsOneToken}`,
  schema: z
    .strictObject({
      prompt: promptField.describe('what to shorten'),
      bot: botField,
      speed: speedField.describe('chooses an account that draws at it'),
      ...submitFields,
    })
    .openapi('Shorten'),
  example: { prompt: 'a beautiful and very peaceful sunset over the calm sea, in warm colours' },
  problems: ['banned_prompt'],
  request: ({ prompt, speed, bot }, user, { commands }) =>
    shortenRequest(commands, user, { prompt, speed, bot }),
});
