import { createHash } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import { blendRatios } from '@midjourney-api/shared/tasks/task';
import { createMiddleware } from 'hono/factory';
import { accountAtSpeed, checkSpeedOf } from '../../../commands/admission/account-at-speed.ts';
import { invalidField, Refusal } from '../../../commands/refusal.ts';
import { type SubmitTask, submitAnswer } from '../../../commands/submit.ts';
import type { UploadPicture } from '../../../commands/upload/upload-picture.ts';
import {
  findUpload,
  storeUpload,
  type Upload,
  uploadFilenameField,
} from '../../../commands/upload/uploads.ts';
import type { Dependencies } from '../../../dependencies.ts';
import type { Api, AppEnv } from '../../app-env.ts';
import { bodyLimit } from '../../middleware/body-limit.ts';
import { isMultipart, multipartForm } from '../../middleware/multipart-form.ts';
import { problemResponses } from '../../problems/problem-schema.ts';
import {
  acceptedResponse,
  botField,
  exampleTaskId,
  ofBot,
  speedField,
  submitFields,
  submitParameters,
} from '../fields.ts';
import { framingBytes } from '../pictures/upload.ts';

const fewest = 2;
const most = 5;
const howMany = `must be ${fewest} to ${most}`;

const optionFields = {
  dimensions: z
    .enum(['portrait', 'square', 'landscape'])
    .nullish()
    .openapi({ type: ['string', 'null'], default: 'square' })
    .describe('2:3, 1:1 or 3:2; square when left out'),
  speed: speedField.describe(
    'drawn by an account that is set to it, as /blend has no way to ask for one; with upload_filenames it has to be given with each /upload, too',
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
      .describe('as /upload answered them'),
    ...optionFields,
  })
  .openapi('Blend');

const picture = z.custom<File>((value) => value instanceof File, 'must be a file');
const picturesSchema = z
  .object({
    images: z
      .preprocess(
        (value) => (value === undefined || Array.isArray(value) ? value : [value]),
        z.array(picture).min(fewest, howMany).max(most, howMany),
      )
      .openapi({
        type: 'array',
        items: { type: 'string', format: 'binary' },
        minItems: fewest,
        maxItems: most,
      })
      .describe('the pictures, all under this name'),
    ...optionFields,
  })
  .openapi('BlendPictures');

/** The one route that starts from several pictures: uploaded before, or with the request. */
export function addBlend(
  api: Api,
  { config, db }: Dependencies,
  submitTask: SubmitTask,
  uploadPicture: UploadPicture,
): void {
  const largest = most * config.UPLOAD_LIMIT_BYTES + framingBytes;
  const limitPictures = bodyLimit(largest, `The pictures are larger than ${largest} bytes together.`);
  const limitJson = bodyLimit(config.BODY_LIMIT_BYTES);
  const route = createRoute({
    method: 'post',
    path: '/blend',
    tags: ['Submit'],
    summary: 'Blend two to five pictures into four new ones',
    description:
      'Of pictures that /upload took, by their `upload_filenames`, or sent along as `images` in multipart/form-data: ' +
      `png, jpeg, webp or gif, at most ${config.UPLOAD_LIMIT_BYTES} bytes each. ` +
      'An account blends one set of pictures at a time, since its answer does not tell whose it is. ' +
      'Costs one token, which is given back if the task fails.',
    middleware: [
      createMiddleware<AppEnv>((c, next) =>
        isMultipart(c.req.header('content-type')) ? limitPictures(c, next) : limitJson(c, next),
      ),
      multipartForm({ files: most, fileBytes: config.UPLOAD_LIMIT_BYTES }),
    ] as const,
    parameters: submitParameters,
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
    responses: {
      200: acceptedResponse({
        message: 'success',
        trigger_id: exampleTaskId,
        trigger_type: 'blend',
        status: 'queued',
      }),
      ...problemResponses(
        'invalid_request',
        'auth_failed',
        'not_found',
        'action_unavailable',
        'idempotency_conflict',
        'too_large',
        'unsupported_image',
        'insufficient_tokens',
        'queue_full',
        'unavailable',
        'internal',
      ),
    },
  });

  api.openapi(route, async (c) => {
    const user = c.get('user');
    const sent = isMultipart(c.req.header('content-type')) ? c.req.valid('form') : c.req.valid('json');
    const request =
      'images' in sent
        ? await ofPictures(
            sent,
            async (file, account) => {
              const picture = { file, user, requestId: c.get('requestId'), ...(account && { account }) };
              const upload = await uploadPicture(picture);
              await storeUpload(db, upload);
              return upload;
            },
            async () => (sent.speed ? accountAtSpeed(db, sent.speed) : undefined),
          )
        : ofFilenames(sent, (filename) => findUpload(db, user.id, filename));
    const { body } = request;
    const task = await submitTask(c, body, async () => {
      const { account, uploadFilenames } = onOneAccount(await request.uploads());
      const speed = body.speed ?? null;
      await checkSpeedOf(db, {
        speed,
        account,
        mustBeSet: true,
        otherwise: 'Leave speed out, or send pictures for an account that is set to it.',
      });
      const ratio = blendRatios[body.dimensions ?? 'square'];
      const action = { kind: 'blend' as const, uploadFilenames, ratio, ...ofBot(body.bot) };
      return { triggerType: 'blend', action, prompt: '', account, speed };
    });
    return c.json(submitAnswer(task), 200);
  });
}

/** Pictures that were sent along. What makes two such requests the same is what the pictures hold. */
async function ofPictures(
  { images, ...options }: z.infer<typeof picturesSchema>,
  upload: (file: File, account?: string) => Promise<Upload>,
  chooseAccount: () => Promise<string | undefined>,
) {
  const digests = await Promise.all(
    images.map(async (file) => sha256(Buffer.from(await file.arrayBuffer()))),
  );
  return {
    body: { ...options, images: digests },
    /** The first one's account takes the others too. */
    async uploads(): Promise<Upload[]> {
      const [first, ...others] = images;
      if (!first) return [];
      const uploaded = await upload(first, await chooseAccount());
      return [uploaded, ...(await Promise.all(others.map((file) => upload(file, uploaded.account))))];
    },
  };
}

/** Pictures that were uploaded before. */
function ofFilenames(
  body: Partial<z.infer<typeof filenamesSchema>>,
  find: (filename: string) => Promise<Upload>,
) {
  const { upload_filenames: filenames } = body;
  if (!filenames) {
    throw invalidField('upload_filenames', 'is required, or images in multipart/form-data');
  }
  return { body, uploads: () => Promise.all(filenames.map(find)) };
}

/** @throws {Refusal} 400 when the pictures are in the channels of several accounts, of which none has them all. */
function onOneAccount(uploads: Upload[]): { account: string; uploadFilenames: string[] } {
  const account = uploads[0]?.account ?? '';
  const elsewhere = uploads.findIndex((upload) => upload.account !== account);
  if (elsewhere > 0) {
    const errors = [{ path: `upload_filenames.${elsewhere}`, message: 'was uploaded by another account' }];
    throw new Refusal(
      'invalid_request',
      'The pictures were uploaded by several Midjourney accounts, and none has all of them. Send the pictures themselves as images in multipart/form-data.',
      { errors },
    );
  }
  return { account, uploadFilenames: uploads.map(({ uploadFilename }) => uploadFilename) };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
