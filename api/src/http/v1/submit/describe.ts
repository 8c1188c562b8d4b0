import { createRoute, z } from '@hono/zod-openapi';
import { checkSpeedOf } from '../../../commands/admission/account-at-speed.ts';
import { type SubmitTask, submitAnswer } from '../../../commands/submit.ts';
import { findUpload, uploadFilenameField } from '../../../commands/upload/uploads.ts';
import type { Dependencies } from '../../../dependencies.ts';
import type { Api } from '../../app-env.ts';
import { problemResponses } from '../../problems/problem-schema.ts';
import {
  acceptedResponse,
  botField,
  exampleTaskId,
  ofBot,
  speedField,
  submitFields,
  submitParameters,
  taskIdField,
} from '../fields.ts';

const route = createRoute({
  method: 'post',
  path: '/describe',
  tags: ['Submit'],
  summary: 'Four prompts that describe an uploaded picture',
  description: 'Costs one token, which is given back if the task fails.',
  parameters: submitParameters,
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .strictObject({
              upload_filename: uploadFilenameField,
              bot: botField,
              speed: speedField.describe(
                'chooses nothing any more, as the account that the picture was uploaded by describes it: give it with /upload',
              ),
              trigger_id: taskIdField.nullish().describe('of the upload; not needed'),
              ...submitFields,
            })
            .openapi('Describe'),
          example: { upload_filename: 'b9c5a1de-5b0f-4a43-9d0a-66c9a5dca1e6/1767323045678402.png' },
        },
      },
    },
  },
  responses: {
    200: acceptedResponse({
      message: 'success',
      trigger_id: exampleTaskId,
      trigger_type: 'describe',
      status: 'queued',
    }),
    ...problemResponses(
      'invalid_request',
      'auth_failed',
      'not_found',
      'action_unavailable',
      'idempotency_conflict',
      'too_large',
      'insufficient_tokens',
      'queue_full',
      'unavailable',
      'internal',
    ),
  },
});

export function addDescribe(api: Api, { db }: Dependencies, submitTask: SubmitTask): void {
  api.openapi(route, async (c) => {
    const body = c.req.valid('json');
    const task = await submitTask(c, body, async () => {
      const upload = await findUpload(db, c.get('user').id, body.upload_filename);
      await checkSpeedOf(db, {
        speed: body.speed,
        account: upload.account,
        mustBeSet: false,
        otherwise: 'Leave speed out, or upload the picture again with that speed.',
      });
      return {
        triggerType: 'describe',
        action: { kind: 'describe', uploadFilename: upload.uploadFilename, ...ofBot(body.bot) },
        prompt: '',
        // Discord knows the file only in the channel that it was uploaded to.
        account: upload.account,
      };
    });
    return c.json(submitAnswer(task), 200);
  });
}
