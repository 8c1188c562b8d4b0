import { z } from '@hono/zod-openapi';
import { invalidField } from '../../../commands/refusal.ts';
import { blendRequest } from '../../../commands/requests/blend.ts';
import { readSentPicture } from '../sent-picture.ts';
import { checkBeforeUpload } from '../upload-sent.ts';
import { botOf, botTypeField, mjSubmitFields, picturesField } from './submit-fields.ts';
import { mjSubmit } from './submit-route.ts';

const fewest = 2;
const most = 5;

const dimensions = { PORTRAIT: 'portrait', SQUARE: 'square', LANDSCAPE: 'landscape' } as const;

export const addMjBlend = mjSubmit({
  path: '/submit/blend',
  operationId: 'mjBlend',
  summary: 'Blend two to five pictures into four new ones',
  schema: z
    .object({
      base64Array: picturesField.openapi({ minItems: fewest, maxItems: most }),
      dimensions: z.enum(['PORTRAIT', 'SQUARE', 'LANDSCAPE']).default('SQUARE').describe('2:3, 1:1 or 3:2'),
      botType: botTypeField,
      ...mjSubmitFields,
    })
    .openapi('MjBlend'),
  example: {
    base64Array: ['data:image/png;base64,iVBORw0KGgo…', 'data:image/jpeg;base64,/9j/4AAQ…'],
    dimensions: 'LANDSCAPE',
  },
  pictures: true,
  request: async (body, { speed, ...client }, context) => {
    const files = bytesOf(body.base64Array ?? [], context.config.UPLOAD_LIMIT_BYTES);
    await checkBeforeUpload(context, { speed });
    const { db, commands } = context;
    return blendRequest({ db, uploadPicture: commands.uploadPicture }, client, {
      pictures: { files },
      dimensions: dimensions[body.dimensions],
      speed,
      bot: botOf(body.botType),
    });
  },
});

/** @throws {Refusal} as `readSentPicture`; `invalid_request` for too few or too many, or links. */
function bytesOf(pictures: string[], mostBytes: number): Buffer[] {
  const field = 'base64Array';
  if (pictures.length < fewest || pictures.length > most) {
    const sent = `${pictures.length} ${pictures.length === 1 ? 'was' : 'were'} sent`;
    throw invalidField(field, `must be ${fewest} to ${most} pictures, and ${sent}`);
  }
  return pictures.map((text, at) => {
    const sent = readSentPicture(`${field}.${at}`, text, mostBytes);
    if ('bytes' in sent) return sent.bytes;
    throw invalidField(`${field}.${at}`, 'is a link: send the picture itself in base64');
  });
}
