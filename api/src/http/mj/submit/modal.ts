import { z } from '@hono/zod-openapi';
import type { Config } from '@midjourney-api/shared/config/config';
import { invalidField } from '../../../commands/refusal.ts';
import { findOpenWindow, windowRequest } from '../../../commands/windows/window-request.ts';
import { envelopeSchema } from '../answer.ts';
import { mjPost } from '../mj-route.ts';
import { readSentPicture } from '../sent-picture.ts';
import { mjSubmitFields, mjTaskIdField } from './submit-fields.ts';
import { envelopeExample, submitMj } from './submit-route.ts';

export const addMjModal = mjPost({
  path: '/submit/modal',
  operationId: 'mjModal',
  summary: 'Fill in the window that an action has opened, and submit it under its id',
  description: 'A window can be filled in once, within ten minutes.',
  schema: z
    .object({
      taskId: mjTaskIdField.describe('the `result` of the action'),
      prompt: z
        .string()
        .optional()
        .describe('left out, what the window proposes; to a custom zoom without --zoom, --zoom 2 is added'),
      maskBase64: z
        .string()
        .optional()
        .describe('for a region: a png in base64, white is drawn again, black stays'),
      ...mjSubmitFields,
    })
    .openapi('MjModal'),
  example: { taskId: '1767323045678400', prompt: 'a framed picture of the sea --zoom 2' },
  pictures: true,
  answer: { schema: envelopeSchema, example: envelopeExample },
  handle: async (c, body, context) => {
    const { config, db, commands } = context;
    const window = await findOpenWindow(context, c.get('user'), body.taskId);
    const form = { text: body.prompt ?? '', mask: readMask(body.maskBase64, config) };
    const { state = window.state ?? undefined, notifyHook = window.notifyHook ?? undefined } = body;
    return submitMj(
      c,
      context,
      { ...body, state, notifyHook },
      ({ user }) => windowRequest({ ...commands, config, db }, user, window, form),
      window.id,
    );
  },
});

function readMask(text: string | undefined, { UPLOAD_LIMIT_BYTES }: Config): Buffer | undefined {
  if (text === undefined) return undefined;
  const sent = readSentPicture('maskBase64', text, UPLOAD_LIMIT_BYTES);
  if ('url' in sent) throw invalidField('maskBase64', 'must be a picture in base64, not its link');
  return sent.bytes;
}
