import { z } from '@hono/zod-openapi';
import { Refusal } from '../../../commands/refusal.ts';
import { envelopeSchema, mjCodes } from '../answer.ts';
import { mjPost } from '../mj-route.ts';

/** What the protocol has, and Discord's bot cannot do. */

const schema = z.object({}).openapi('MjNotSupported');

export const addMjRetexture = notSupported(
  '/submit/retexture',
  'mjRetexture',
  'Retexturing needs Midjourney’s web editor, and is not supported by the Discord bot: submit/edits changes a picture as a prompt says.',
);

const faces =
  'Swapping faces is not supported by the Discord bot of Midjourney: another bot does it, with a service of its own.';
export const addMjSwapFace = notSupported('/insight-face/swap', 'mjSwapFace', faces);
export const addMjSwapVideoFace = notSupported('/insight-face/video-swap', 'mjSwapVideoFace', faces);

function notSupported(path: string, operationId: string, why: string) {
  return mjPost({
    path,
    operationId,
    summary: 'Is not supported',
    schema,
    example: {},
    pictures: true,
    answer: {
      schema: envelopeSchema,
      example: { code: mjCodes.invalid, description: why, result: null, properties: {} },
    },
    handle: async () => {
      throw new Refusal('action_unavailable', why, { available: [] });
    },
  });
}
