import { z } from '@hono/zod-openapi';
import { imagineRequest } from '../../../commands/requests/imagine.ts';
import { botField, paramsField, pictureUrlField, promptField, speedField } from '../fields.ts';
import { submitFields } from './submit-fields.ts';
import { submitRoute } from './submit-route.ts';

export const addImagine = submitRoute({
  path: '/imagine',
  operationId: 'imagine',
  triggerType: 'generate',
  summary: 'Draw four pictures from a prompt',
  schema: z
    .strictObject({
      prompt: promptField.describe('what to draw, with parameters such as --ar 3:2'),
      picurl: pictureUrlField
        .or(z.literal(''))
        .nullish()
        .openapi({ type: ['string', 'null'], format: 'uri', maxLength: 2_048 })
        .describe('a picture to start from; its link goes before the prompt'),
      speed: speedField.describe(
        'written into the prompt as --fast, --relax or --turbo, unless it is there already; chooses an account that draws at it',
      ),
      params: paramsField,
      bot: botField,
      ...submitFields,
    })
    .openapi('Imagine'),
  example: { prompt: 'a beautiful sunset over the sea --ar 3:2', picurl: null },
  problems: ['banned_prompt'],
  request: ({ prompt: text, params, picurl, speed, bot }, user, { commands }) =>
    imagineRequest(commands, user, {
      text,
      params,
      pictureUrl: picurl ? new URL(picurl) : undefined,
      speed,
      bot,
    }),
});
