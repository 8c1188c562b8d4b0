import { z } from '@hono/zod-openapi';
import { invalidField } from '../../../commands/refusal.ts';
import { envelopeSchema, mjCodes, mjJson } from '../answer.ts';
import { mjPost } from '../mj-route.ts';
import { checkBeforeUpload, linksOfSent } from '../upload-sent.ts';
import { pictureField, picturesField } from './submit-fields.ts';

export const addMjUploadDiscordImages = mjPost({
  path: '/submit/upload-discord-images',
  operationId: 'mjUploadDiscordImages',
  summary: 'Upload pictures, and get their links for prompts',
  description: 'The links are Discord’s, and expire after about a day. Costs no token.',
  schema: z
    .object({
      base64Array: picturesField,
      base64: pictureField.optional().describe('a single one'),
    })
    .openapi('MjUploadDiscordImages'),
  example: { base64Array: ['data:image/png;base64,iVBORw0KGgo…'] },
  pictures: true,
  answer: {
    schema: envelopeSchema.extend({ result: z.array(z.string()).nullable() }).openapi('MjLinks'),
    example: {
      code: mjCodes.success,
      description: 'Upload success',
      result: ['https://cdn.discordapp.com/attachments/1/2/1767323045678402.png?ex=6957'],
      properties: {},
    },
  },
  handle: async (c, { base64Array = [], base64 }, context) => {
    const pictures = base64 === undefined ? base64Array : [...base64Array, base64];
    if (pictures.length === 0) throw invalidField('base64Array', 'is empty: send at least one picture');
    await checkBeforeUpload(context, {});
    const client = { user: c.get('user'), requestId: c.get('requestId') };
    const result = await linksOfSent(context, client, 'base64Array', pictures);
    return mjJson(c, { code: mjCodes.success, description: 'Upload success', result, properties: {} });
  },
});
