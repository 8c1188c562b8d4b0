import { z } from '@hono/zod-openapi';
import { refusalOfWords } from '../../../commands/prompts/allowed-prompt.ts';
import { imagineRequest } from '../../../commands/requests/imagine.ts';
import { linksOfSent } from '../upload-sent.ts';
import { botOf, botTypeField, mjPromptField, mjSubmitFields, picturesField } from './submit-fields.ts';
import { mjSubmit } from './submit-route.ts';

export const addMjImagine = mjSubmit({
  path: '/submit/imagine',
  operationId: 'mjImagine',
  summary: 'Draw four pictures from a prompt',
  schema: z
    .object({
      prompt: mjPromptField.describe('what to draw, with parameters such as --ar 3:2'),
      base64Array: picturesField.describe('pictures to start from; their links go before the prompt'),
      base64: z.string().optional().describe('one more of them'),
      botType: botTypeField,
      ...mjSubmitFields,
    })
    .openapi('MjImagine'),
  example: { prompt: 'a beautiful sunset over the sea --ar 3:2' },
  pictures: true,
  request: async ({ prompt, base64Array = [], base64, botType }, client, context) => {
    const { commands, outlook, bannedWords } = context;
    const { user, speed = null } = client;
    const pictures = base64 === undefined ? base64Array : [...base64Array, base64];
    if (pictures.length > 0) {
      // Nothing is uploaded for a task that will be refused.
      const refusal = refusalOfWords(bannedWords, prompt);
      if (refusal) throw refusal;
      await outlook.requireAccount({ account: null, speed });
    }
    const links = await linksOfSent(context, client, 'base64Array', pictures);
    return imagineRequest(commands, user, {
      text: [...links, prompt].join(' '),
      speed,
      speedOverrides: true,
      bot: botOf(botType),
    });
  },
});
