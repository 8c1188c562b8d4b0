import { createRoute, z } from '@hono/zod-openapi';
import { invalidField } from '../../../commands/refusal.ts';
import { blendRequest } from '../../../commands/requests/blend.ts';
import { digestOf } from '../../../commands/upload/uploads.ts';
import type { AddRoute } from '../../app-env.ts';
import { formLimit } from '../../middleware/body-limit.ts';
import { isMultipart, multipartForm } from '../../middleware/multipart-form.ts';
import { botField, fileField, framingBytes, readFile, speedField, uploadFilenameField } from '../fields.ts';
import { submitAndAnswer } from './submit-body.ts';
import { submitFields } from './submit-fields.ts';
import { costsOneToken, describeSubmit } from './submit-route.ts';

const path = '/blend';
const fewest = 2;
const most = 5;
const dimensions = ['portrait', 'square', 'landscape'] as const;
const howMany = `must be ${fewest} to ${most}`;

const optionFields = {
  dimensions: z
    .enum(dimensions)
    .nullish()
    .openapi({ type: ['string', 'null'], enum: [...dimensions, null], default: 'square' })
    .describe('2:3, 1:1 or 3:2; square when left out'),
  speed: speedField.describe(
    'chooses an account that is set to it, because Midjourney’s /blend cannot ask for a speed; with `upload_filenames` it has to be given to each `/upload`, too',
  ),
  bot: botField,
  ...submitFields,
};

const filenamesSchema = z
  .strictObject({
    upload_filenames: z
      .array(uploadFilenameField)
      .min(fewest, howMany)
      .max(most, howMany)
      .describe('the `upload_filename`s that `/upload` answered'),
    ...optionFields,
  })
  .openapi('Blend');

const picturesSchema = z
  .object({
    images: z
      .preprocess(
        (value) => (value === undefined || Array.isArray(value) ? value : [value]),
        z.array(fileField).min(fewest, howMany).max(most, howMany),
      )
      .openapi({
        type: 'array',
        items: { type: 'string', format: 'binary' },
        minItems: fewest,
        maxItems: most,
      })
      .describe('the pictures, as files that all have this name'),
    ...optionFields,
  })
  .openapi('BlendPictures');

/** The one route that starts from several pictures: uploaded before, or with the request. */
export const addBlend: AddRoute = (api, { config, db, commands }) => {
  const { UPLOAD_LIMIT_BYTES } = config;
  const largest = most * UPLOAD_LIMIT_BYTES + framingBytes;
  const route = createRoute({
    ...describeSubmit({
      path,
      operationId: 'blend',
      triggerType: 'blend',
      summary: 'Blend two to five pictures into four new ones',
      description:
        'The pictures are uploads, by their `upload_filenames`, or sent as `images` in multipart/form-data: ' +
        `png, jpeg, webp or gif, at most ${UPLOAD_LIMIT_BYTES} bytes each. ` +
        `An account blends one set of pictures at a time, since the answer does not show which set it is of. ${costsOneToken}`,
      problems: ['not_found', 'action_unavailable', 'unsupported_image'],
    }),
    middleware: [
      formLimit(largest, `The pictures are larger than ${largest} bytes together.`),
      multipartForm({ files: most, fileBytes: UPLOAD_LIMIT_BYTES }),
    ] as const,
    request: {
      body: {
        content: {
          'application/json': {
            schema: filenamesSchema,
            example: {
              upload_filenames: [
                'b9c5a1de-5b0f-4a43-9d0a-66c9a5dca1e6/1767323045678402.png',
                '0f6f1c3a-19a9-4d8e-8df8-7c3f5a1f0b77/1767323045678403.png',
              ],
              dimensions: 'landscape',
            },
          },
          'multipart/form-data': {
            schema: picturesSchema,
            example: { images: ['cat.png', 'hat.png'], dimensions: 'landscape' },
          },
        },
      },
    },
  });

  api.openapi(route, async (c) => {
    const client = { user: c.get('user'), requestId: c.get('requestId') };
    const sent = isMultipart(c.req.header('content-type')) ? c.req.valid('form') : c.req.valid('json');
    const { body, pictures } = 'images' in sent ? await sentAlong(sent) : uploadedBefore(sent);
    const { dimensions, speed, bot } = body;
    return submitAndAnswer(c, commands.submit, { path, body }, () =>
      blendRequest({ db, uploadPicture: commands.uploadPicture }, client, {
        pictures,
        dimensions,
        speed,
        bot,
      }),
    );
  });
};

/** Two such requests are the same when their pictures have the same content. */
async function sentAlong({ images, ...options }: z.output<typeof picturesSchema>) {
  const files = await Promise.all(images.map(readFile));
  return { body: { ...options, images: files.map(digestOf) }, pictures: { files } };
}

/** A request without any body has no fields at all. */
function uploadedBefore(body: Partial<z.output<typeof filenamesSchema>>) {
  const { upload_filenames: uploadFilenames } = body;
  if (!uploadFilenames)
    throw invalidField('upload_filenames', 'is required, or images in multipart/form-data');
  return { body, pictures: { uploadFilenames } };
}
