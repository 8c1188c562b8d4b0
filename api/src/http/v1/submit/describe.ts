import { z } from '@hono/zod-openapi';
import { describeRequest } from '../../../commands/requests/describe.ts';
import { botField, exampleUploadFilename, speedField, taskIdField, uploadFilenameField } from '../fields.ts';
import { submitFields, submitRoute } from './submit-route.ts';

export const addDescribe = submitRoute({
  path: '/describe',
  operationId: 'describe',
  triggerType: 'describe',
  summary: 'Four prompts that describe an uploaded picture',
  schema: z
    .strictObject({
      upload_filename: uploadFilenameField,
      bot: botField,
      speed: speedField.describe(
        'chooses nothing, as the account that took the upload describes it: give it with /upload',
      ),
      trigger_id: taskIdField.nullish().describe('of the upload; not needed'),
      ...submitFields,
    })
    .openapi('Describe'),
  example: { upload_filename: exampleUploadFilename },
  problems: ['not_found', 'action_unavailable'],
  request: ({ upload_filename, speed, bot }, user, deps) =>
    describeRequest(deps, user, { uploadFilename: upload_filename, speed, bot }),
});
