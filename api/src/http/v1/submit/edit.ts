import { z } from '@hono/zod-openapi';
import { editRequest } from '../../../commands/requests/edit.ts';
import {
  exampleUploadFilename,
  namedPicture,
  paramsField,
  pictureField,
  promptField,
  speedField,
} from '../fields.ts';
import { submitFields } from './submit-fields.ts';
import { costsOneToken, submitRoute } from './submit-route.ts';

const most = 4;
const howMany = `must be 1 to ${most}`;

export const addEdit = submitRoute({
  path: '/edit',
  operationId: 'edit',
  triggerType: 'edit',
  summary: 'Draw four pictures from one to four others, as a prompt says',
  description:
    'Uses the parameter --edit of V8, which replaces omni and character references: changes a picture, combines what is ' +
    `in several, or shows it elsewhere. ${costsOneToken}`,
  schema: z
    .strictObject({
      prompt: promptField.describe('what to do with the pictures, with parameters such as --ar 3:2'),
      images: z
        .array(pictureField)
        .min(1, howMany)
        .max(most, howMany)
        .openapi({ type: 'array', items: { type: 'string' }, minItems: 1, maxItems: most })
        .describe(
          'URLs, or the `upload_filename`s that `/upload` answered; the first decides the aspect ratio unless --ar does',
        ),
      params: paramsField,
      speed: speedField,
      ...submitFields,
    })
    .openapi('Edit'),
  example: {
    prompt: 'the cat wears the hat',
    images: ['https://shop.example/cat.png', exampleUploadFilename],
  },
  problems: ['banned_prompt', 'not_found', 'unavailable'],
  request: ({ prompt: text, images, params, speed }, user, { commands: { preparePrompt }, ...deps }) =>
    editRequest({ ...deps, preparePrompt }, user, {
      pictures: images.map(namedPicture),
      text,
      params,
      speed,
    }),
});
