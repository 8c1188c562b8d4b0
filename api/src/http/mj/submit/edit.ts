import { z } from '@hono/zod-openapi';
import { invalidField, Refusal } from '../../../commands/refusal.ts';
import { editRequest } from '../../../commands/requests/edit.ts';
import { checkBeforeUpload, uploadSent } from '../upload-sent.ts';
import { mjPromptField, mjSubmitFields, pictureField, picturesField } from './submit-fields.ts';
import { mjSubmit } from './submit-route.ts';

const most = 4;

const schema = z
  .object({
    prompt: mjPromptField.describe('what to do with the picture, with parameters such as --ar 3:2'),
    image: pictureField.optional(),
    base64: pictureField.optional().describe('in place of `image`'),
    base64Array: picturesField.describe('in place of `image`: one to four').openapi({ maxItems: most }),
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
    request: async ({ prompt: text, maskBase64, ...body }, client, context) => {
      const sent = picturesIn(body);
      if (maskBase64 !== undefined) throw noMasks();
      await checkBeforeUpload(context, client, text);
      const pictures = await Promise.all(
        sent.map(([field, picture]) => uploadSent(context, client, field, picture)),
      );
      const { preparePrompt } = context.commands;
      const { user, speed } = client;
      return editRequest({ ...context, preparePrompt }, user, {
        pictures,
        text,
        speed,
        speedOverrides: true,
      });
    },
  });
}

type Body = Pick<z.output<typeof schema>, 'image' | 'base64' | 'base64Array'>;

/** @throws {Refusal} `invalid_request` for none, or too many. */
function picturesIn({ base64, image = base64, base64Array = [] }: Body): [field: string, picture: string][] {
  if (image !== undefined) return [['image', image]];
  if (base64Array.length === 0) throw invalidField('image', 'is required: the picture to edit');
  if (base64Array.length > most)
    throw invalidField('base64Array', `may have ${most} pictures, and ${base64Array.length} were sent`);
  return base64Array.map((picture, at) => [`base64Array.${at}`, picture]);
}

function noMasks(): Refusal {
  return new Refusal(
    'action_unavailable',
    'A mask for a picture of your own is not supported by the Discord bot: leave maskBase64 out, or press Vary (Region) under a picture that Midjourney drew. Nothing was charged.',
    { available: [] },
  );
}
