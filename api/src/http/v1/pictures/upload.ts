import { createRoute, z } from '@hono/zod-openapi';
import { mostUploadPixels } from '../../../commands/upload/clean-picture.ts';
import { longestSide } from '../../../pictures/decoding.ts';
import type { AddRoute } from '../../app-env.ts';
import { bodyLimit } from '../../middleware/body-limit.ts';
import { multipartForm } from '../../middleware/multipart-form.ts';
import { problemsWithKey } from '../../problems/problem-schema.ts';
import {
  exampleTaskId,
  exampleUploadFilename,
  fileField,
  framingBytes,
  readFile,
  speedField,
} from '../fields.ts';
import { idempotencyKeyParameters, readOnce, replayedHeader } from '../idempotency-key.ts';

const path = '/upload';

export const addUpload: AddRoute = (api, { config, commands }) => {
  const { UPLOAD_LIMIT_BYTES } = config;
  const route = createRoute({
    method: 'post',
    path,
    operationId: 'upload',
    tags: ['Pictures'],
    summary: 'Upload a picture, to describe it or to use it in a prompt',
    description:
      `png, jpeg, webp or gif, at most ${UPLOAD_LIMIT_BYTES} bytes, ${mostUploadPixels} pixels in all and ${longestSide} on a side. ` +
      'Interlaced, animated and webp pictures may have fewer, as they take more memory to read. ' +
      'Everything in the file but its pixels, such as where a photo was taken, is removed. Costs no token.',
    middleware: [
      bodyLimit(UPLOAD_LIMIT_BYTES + framingBytes, `The picture is larger than ${UPLOAD_LIMIT_BYTES} bytes.`),
      multipartForm({ files: 1, fileBytes: UPLOAD_LIMIT_BYTES }),
    ] as const,
    parameters: idempotencyKeyParameters,
    request: {
      body: {
        required: true,
        content: {
          'multipart/form-data': {
            schema: z.object({
              file: fileField.openapi({ type: 'string', format: 'binary' }),
              speed: speedField.describe(
                'the speed of the `/describe` or `/blend` that it is for: chooses an account that is set to it, or else one that is set to no speed',
              ),
            }),
            example: { file: 'cat.png' },
          },
        },
      },
    },
    responses: {
      200: {
        description: 'Discord has the picture',
        headers: replayedHeader,
        content: {
          'application/json': {
            schema: z
              .object({
                message: z.literal('success'),
                upload_filename: z
                  .string()
                  .describe('for `/describe`, `/message` and all other routes that take an upload'),
                upload_url: z.string(),
                trigger_id: z.string(),
              })
              .openapi('Uploaded'),
            example: {
              message: 'success',
              upload_filename: exampleUploadFilename,
              upload_url: 'https://discord-attachments-uploads-prd.storage.googleapis.com/b9c5a1de/cat.png',
              trigger_id: exampleTaskId,
            },
          },
        },
      },
      ...problemsWithKey(
        'invalid_request',
        'action_unavailable',
        'idempotency_conflict',
        'too_large',
        'unsupported_image',
      ),
    },
  });

  api.openapi(route, async (c) => {
    const { file, speed } = c.req.valid('form');
    const { upload, replayed } = await commands.upload({
      bytes: await readFile(file),
      user: c.get('user'),
      requestId: c.get('requestId'),
      speed,
      once: readOnce(c, path),
    });
    if (replayed) c.header('Idempotency-Replayed', 'true');
    const { id, uploadFilename, uploadUrl } = upload;
    return c.json(
      {
        message: 'success' as const,
        upload_filename: uploadFilename,
        upload_url: uploadUrl,
        trigger_id: id,
      },
      200,
    );
  });
};
