import { z } from '@hono/zod-openapi';
import { invalidField, Refusal } from '../../../commands/refusal.ts';
import { editRequest } from '../../../commands/requests/edit.ts';
import { checkBeforeUpload, uploadSent } from '../upload-sent.ts';
import { mjPromptField, mjSubmitFields, pictureField } from './submit-fields.ts';
import { mjSubmit } from './submit-route.ts';

const schema = z
  .object({
    prompt: mjPromptField.describe('what to do with the picture, with parameters such as --ar 3:2'),
    image: pictureField.optional(),
    base64: pictureField.optional().describe('in place of `image`'),
    maskBase64: pictureField.optional().describe('is refused'),
    ...mjSubmitFields,
  })
  .openapi('MjEdit');

export const addMjEdits = edits('/submit/edits', 'mjEdits');
/** The same by an older name. */
export const addMjEdit = edits('/submit/edit', 'mjEdit');

function edits(path: string, operationId: string) {
  return mjSubmit({
    path,
    operationId,
    summary: 'Draw four pictures from another, as a prompt says',
    description: 'With the parameter --edit of V8. A mask needs Midjourney’s web editor, and is refused.',
    schema,
    example: { prompt: 'in winter', image: 'https://shop.example/boat.png' },
    pictures: true,
    request: async ({ prompt: text, base64, image = base64, maskBase64 }, client, context) => {
      if (image === undefined) throw invalidField('image', 'is required: the picture to edit');
      if (maskBase64 !== undefined) throw noMasks();
      await checkBeforeUpload(context, client, text);
      const picture = await uploadSent(context, client, 'image', image);
      const { preparePrompt } = context.commands;
      const { user, speed } = client;
      return editRequest({ ...context, preparePrompt }, user, {
        pictures: [picture],
        text,
        speed,
        speedOverrides: true,
      });
    },
  });
}

function noMasks(): Refusal {
  return new Refusal(
    'action_unavailable',
    'A mask for a picture of your own is not supported by the Discord bot: leave maskBase64 out, or press Vary (Region) under a picture that Midjourney drew. Nothing was charged.',
    { available: [] },
  );
}
