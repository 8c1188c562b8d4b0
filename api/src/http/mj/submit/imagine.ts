import { z } from '@hono/zod-openapi';
import { imagineRequest } from '../../../commands/requests/imagine.ts';
import { checkBeforeUpload, linksOfSent } from '../upload-sent.ts';
import {
  botOf,
  botTypeField,
  mjPromptField,
  mjSubmitFields,
  pictureField,
  picturesField,
} from './submit-fields.ts';
import { mjSubmit } from './submit-route.ts';

export const addMjImagine = mjSubmit({
  path: '/submit/imagine',
  operationId: 'mjImagine',
  summary: 'Draw four pictures from a prompt',
  schema: z
    .object({
      prompt: mjPromptField.describe('what to draw, with parameters such as --ar 3:2'),
      base64Array: picturesField.describe('pictures to start from; their links go before the prompt'),
      base64: pictureField.optional().describe('one more of them'),
      botType: botTypeField,
      ...mjSubmitFields,
    })
    .openapi('MjImagine'),
  example: { prompt: 'a beautiful sunset over the sea --ar 3:2' },
  pictures: true,
  request: async ({ prompt, base64Array = [], base64, botType }, client, context) => {
    const { user, speed } = client;
    const pictures = base64 === undefined ? base64Array : [...base64Array, base64];
    if (pictures.length > 0) await checkBeforeUpload(context, client, prompt);
    const links = await linksOfSent(context, client, 'base64Array', pictures);
    return imagineRequest(context.commands, user, {
      text: [...links, prompt].join(' '),
      speed,
      speedOverrides: true,
      bot: botOf(botType),
    });
  },
});
