import { z } from '@hono/zod-openapi';
import { Refusal } from '../../../commands/refusal.ts';
import { type DescribedPicture, describeRequest } from '../../../commands/requests/describe.ts';
import {
  botField,
  exampleUploadFilename,
  pictureUrlField,
  speedField,
  taskIdField,
  uploadFilenameField,
} from '../fields.ts';
import { submitFields } from './submit-fields.ts';
import { costsOneToken, submitRoute } from './submit-route.ts';

export const addDescribe = submitRoute({
  path: '/describe',
  operationId: 'describe',
  triggerType: 'describe',
  summary: 'Four prompts that describe a picture',
  description: `The picture is an upload, or at a link that Midjourney can open. The prompts are in \`texts\` of the task. An account describes one link at a time. ${costsOneToken}`,
  schema: z
    .strictObject({
      upload_filename: uploadFilenameField.nullish(),
      link: pictureUrlField
        .nullish()
        .openapi({ type: ['string', 'null'], format: 'uri', maxLength: 2_048 })
        .describe('the link of the picture, instead of an upload'),
      bot: botField,
      speed: speedField.describe(
        'with a link: chooses an account that draws at it. With an upload it has to be given to `/upload`, because the account that took the upload describes it',
      ),
      trigger_id: taskIdField.nullish().describe('the `trigger_id` that `/upload` answered; not needed'),
      ...submitFields,
    })
    .openapi('Describe'),
  examples: {
    upload: { value: { upload_filename: exampleUploadFilename } },
    link: { value: { link: 'https://example.com/lighthouse.png' } },
  },
  problems: ['not_found', 'action_unavailable'],
  request: ({ upload_filename, link, speed, bot }, user, deps) =>
    describeRequest(deps, user, { picture: describedPicture(upload_filename, link), speed, bot }),
});

function describedPicture(
  uploadFilename: string | null | undefined,
  link: string | null | undefined,
): DescribedPicture {
  if (uploadFilename && !link) return { uploadFilename };
  if (link && !uploadFilename) return { link: new URL(link) };
  const errors = [{ path: 'upload_filename', message: 'or link, one of the two, must say which picture' }];
  throw new Refusal(
    'invalid_request',
    'Say which picture by its upload_filename or by its link, one of the two.',
    { errors },
  );
}
