import { Refusal } from '../../../commands/refusal.ts';
import { envelopeSchema, mjCodes } from '../answer.ts';
import { mjUnsupported } from '../mj-route.ts';

/** What the protocol has, and Discord's bot cannot do. */

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
  return mjUnsupported({
    path,
    operationId,
    summary: 'Is not supported',
    answer: {
      schema: envelopeSchema,
      example: { code: mjCodes.invalid, description: why, result: null, properties: {} },
    },
    refusal: () => new Refusal('action_unavailable', why, { available: [] }),
  });
}
