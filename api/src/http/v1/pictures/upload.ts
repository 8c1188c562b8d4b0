import { createHash } from 'node:crypto';
import path from 'node:path';
import { createRoute, z } from '@hono/zod-openapi';
import { repeatableRequest } from '@midjourney-api/shared/tasks/idempotency';
import type { Speed } from '@midjourney-api/shared/tasks/task';
import { accountAtSpeed } from '../../../commands/admission/account-at-speed.ts';
import { runUploadJob } from '../../../commands/upload/upload-job.ts';
import { uploadOnce } from '../../../commands/upload/upload-once.ts';
import type { UploadPicture } from '../../../commands/upload/upload-picture.ts';
import { findUpload, storeUpload, uploadFilenameField } from '../../../commands/upload/uploads.ts';
import type { Dependencies } from '../../../dependencies.ts';
import { longestSide } from '../../../pictures/decoding.ts';
import type { Api } from '../../app-env.ts';
import { bodyLimit } from '../../middleware/body-limit.ts';
import { multipartForm } from '../../middleware/multipart-form.ts';
import { problemResponses } from '../../problems/problem-schema.ts';
import {
  exampleTaskId,
  readIdempotencyKey,
  replayedHeader,
  speedField,
  submitParameters,
} from '../fields.ts';

/** Room for what multipart/form-data puts around the file. */
export const framingBytes = 65_536;
export function addUploadRoute(
  api: Api,
  { config, db, clock = () => new Date() }: Pick<Dependencies, 'config' | 'db' | 'clock'>,
  uploadPicture: UploadPicture,
): void {
  const tooLarge = `The picture is larger than ${config.UPLOAD_LIMIT_BYTES} bytes.`;

  const route = createRoute({
    method: 'post',
    path: '/upload',
    tags: ['Pictures'],
    summary: 'Upload a picture, to describe it or to use it in a prompt',
    description:
      `png, jpeg, webp or gif, at most ${config.UPLOAD_LIMIT_BYTES} bytes, ${config.UPLOAD_LIMIT_PIXELS} pixels in all and ${longestSide} on a side. ` +
      'Interlaced, animated and webp pictures may have fewer, as they take more memory to read. ' +
      'What the file tells beside its pixels, such as where a photo was taken, is left out. Costs no token.',
    middleware: [
      bodyLimit(config.UPLOAD_LIMIT_BYTES + framingBytes, tooLarge),
      multipartForm({ files: 1, fileBytes: config.UPLOAD_LIMIT_BYTES }),
    ] as const,
    parameters: submitParameters,
    request: {
      body: {
        required: true,
        content: {
          'multipart/form-data': {
            schema: z.object({
              file: z
                .custom<File>((value) => value instanceof File, 'must be a file')
                .openapi({ type: 'string', format: 'binary' }),
              speed: speedField.describe(
                'of the /describe or /blend that it is for: chooses an account that is set to it, or else one that is set to none',
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
                upload_filename: z.string().describe('for /describe and /message'),
                upload_url: z.string(),
                trigger_id: z.string(),
              })
              .openapi('Uploaded'),
            example: {
              message: 'success',
              upload_filename: 'b9c5a1de-5b0f-4a43-9d0a-66c9a5dca1e6/1767323045678402.png',
              upload_url: 'https://discord-attachments-uploads-prd.storage.googleapis.com/b9c5a1de/cat.png',
              trigger_id: exampleTaskId,
            },
          },
        },
      },
      ...problemResponses(
        'invalid_request',
        'auth_failed',
        'action_unavailable',
        'idempotency_conflict',
        'too_large',
        'unsupported_image',
        'unavailable',
        'internal',
      ),
    },
  });

  api.openapi(route, async (c) => {
    const { file, speed } = c.req.valid('form');
    const user = c.get('user');
    const uploadNow = async () =>
      uploadPicture({
        file,
        user,
        requestId: c.get('requestId'),
        ...(speed && { account: await accountAtSpeed(db, speed) }),
      });
    const key = readIdempotencyKey(c);
    const { upload, replayed } =
      key === undefined
        ? { upload: await uploadNow(), replayed: false }
        : await uploadOnce(db, await requestOf(user.id, key, file, speed), uploadNow, clock);
    if (key === undefined) await storeUpload(db, upload);
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
}

/** What the key was sent with: the picture's bytes, whatever the form around them looks like. */
async function requestOf(userId: number, key: string, file: File, speed: Speed | null | undefined) {
  const digest = createHash('sha256')
    .update(Buffer.from(await file.arrayBuffer()))
    .digest('hex');
  return repeatableRequest(userId, key, '/upload', digest, speed ?? '');
}

const messageRoute = createRoute({
  method: 'post',
  path: '/message',
  tags: ['Pictures'],
  summary: 'Post an uploaded picture, to get a link for prompts',
  description: 'Use `picurl` in /imagine. Costs no token.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({ upload_filename: uploadFilenameField }).openapi('Message'),
          example: { upload_filename: 'b9c5a1de-5b0f-4a43-9d0a-66c9a5dca1e6/1767323045678402.png' },
        },
      },
    },
  },
  responses: {
    200: {
      description: 'The link',
      content: {
        'application/json': {
          schema: z
            .object({
              message: z.literal('success'),
              picurl: z.string().describe('expires after about a day'),
            })
            .openapi('Posted'),
          example: {
            message: 'success',
            picurl: 'https://cdn.discordapp.com/attachments/1/2/1767323045678402.png',
          },
        },
      },
    },
    ...problemResponses(
      'invalid_request',
      'auth_failed',
      'not_found',
      'too_large',
      'unavailable',
      'internal',
    ),
  },
});

export function addMessageRoute(api: Api, deps: Dependencies): void {
  api.openapi(messageRoute, async (c) => {
    const { account, uploadFilename } = await findUpload(
      deps.db,
      c.get('user').id,
      c.req.valid('json').upload_filename,
    );
    const filename = path.posix.basename(uploadFilename);
    const result = await runUploadJob(deps, { kind: 'post', account, uploadFilename, filename });
    if (!('imageUrl' in result)) throw new Error('the worker answered a post with something else');
    return c.json({ message: 'success' as const, picurl: result.imageUrl }, 200);
  });
}
