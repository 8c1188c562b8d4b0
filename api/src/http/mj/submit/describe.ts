import { z } from '@hono/zod-openapi';
import { invalidField } from '../../../commands/refusal.ts';
import { describeRequest } from '../../../commands/requests/describe.ts';
import { checkBeforeUpload, uploadSent } from '../upload-sent.ts';
import { botOf, botTypeField, mjSubmitFields, pictureField, picturesField } from './submit-fields.ts';
import { mjSubmit } from './submit-route.ts';

export const addMjDescribe = mjSubmit({
  path: '/submit/describe',
  operationId: 'mjDescribe',
  summary: 'Four prompts that describe a picture',
  description: 'They are the `prompt` of the task once it has succeeded.',
  schema: z
    .object({
      base64: pictureField.optional(),
      link: pictureField.optional().describe('of the picture, in place of `base64`'),
      base64Array: picturesField.describe('in place of `base64`: its first'),
      botType: botTypeField,
      ...mjSubmitFields,
    })
    .openapi('MjDescribe'),
  example: { base64: 'data:image/png;base64,iVBORw0KGgo…' },
  pictures: true,
  request: async (body, client, context) => {
    const [field, text] = pictureIn(body);
    await checkBeforeUpload(context, client);
    const picture = await uploadSent(context, client, field, text);
    return describeRequest(context, client.user, {
      picture: 'url' in picture ? { link: new URL(picture.url) } : picture,
      speed: client.speed,
      bot: botOf(body.botType),
    });
  },
});

interface Body {
  base64?: string | undefined;
  link?: string | undefined;
  base64Array?: string[] | undefined;
}

function pictureIn({ base64, link, base64Array }: Body): [field: string, text: string] {
  if (base64 !== undefined) return ['base64', base64];
  if (link !== undefined) return ['link', link];
  const [first] = base64Array ?? [];
  if (first !== undefined) return ['base64Array.0', first];
  throw invalidField('base64', 'or link is required: the picture to describe');
}
