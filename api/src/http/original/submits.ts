import { z } from '@hono/zod-openapi';
import { panDirections } from '@midjourney-api/shared/tasks/task';
import type { User } from '@midjourney-api/shared/users/users';
import type { FollowUp } from '../../commands/follow-ups/follow-up.ts';
import { followUpRequest } from '../../commands/follow-ups/follow-up-request.ts';
import { describeRequest } from '../../commands/requests/describe.ts';
import { imagineRequest } from '../../commands/requests/imagine.ts';
import type { TaskRequest } from '../../commands/requests/task-request.ts';
import type { AddRoute, RouteContext } from '../app-env.ts';
import { bodyLimit, jsonBodyBytes } from '../middleware/body-limit.ts';
import { pictureUrlField, promptField, uploadFilenameField } from '../v1/fields.ts';
import { submitBody } from '../v1/submit/submit-body.ts';
import { type SubmitBody, submitFields } from '../v1/submit/submit-fields.ts';
import { readBody } from './body.ts';
import { asNumber, namedParent, parentFields } from './fields.ts';

const parent = z.object({ ...parentFields, ...submitFields });
const picked = parent.extend({ index: asNumber(z.int().min(1).max(4)) });

/** What costs a token. */
export const submits: AddRoute[] = [
  submit(
    '/imagine',
    z.object({
      prompt: promptField,
      picurl: pictureUrlField.or(z.literal('')).nullish(),
      ...submitFields,
    }),
    ({ prompt, picurl }, user, { commands }) =>
      imagineRequest(commands, user, { text: prompt, pictureUrl: picurl ? new URL(picurl) : undefined }),
  ),
  submit(
    '/describe',
    z.object({ upload_filename: uploadFilenameField, ...submitFields }),
    ({ upload_filename: uploadFilename }, user, context) =>
      describeRequest(context, user, { picture: { uploadFilename } }),
  ),
  followUp('upscale', picked, ({ index }) => ({ type: 'upscale', index })),
  followUp('variation', picked, ({ index }) => ({ type: 'variation', index })),
  ...(['reset', 'solo_variation', 'solo_low_variation', 'solo_high_variation'] as const).map((type) =>
    followUp(type, parent, () => ({ type })),
  ),
  followUp('expand', parent.extend({ direction: z.enum(panDirections) }), ({ direction }) => ({
    type: 'expand',
    direction,
  })),
  followUp('zoomout', parent.extend({ zoomout: asNumber(z.literal([50, 75])) }), ({ zoomout }) => ({
    type: 'zoomout',
    zoomout,
  })),
];

/** A route that presses a button under the picture of an earlier task. */
function followUp<Schema extends z.ZodType<z.output<typeof parent>>>(
  type: FollowUp['type'],
  schema: Schema,
  wanted: (body: z.output<Schema>) => FollowUp,
): AddRoute {
  return submit(`/${type}`, schema, (body, user, { db, commands: { preparePrompt } }) =>
    followUpRequest({ db, preparePrompt }, user, { parent: namedParent(body), followUp: wanted(body) }),
  );
}

function submit<Schema extends z.ZodType<SubmitBody>>(
  path: string,
  schema: Schema,
  request: (body: z.output<Schema>, user: User, context: RouteContext) => Promise<TaskRequest>,
): AddRoute {
  return (api, context) => {
    api.post(path, bodyLimit(jsonBodyBytes), async (c) => {
      const body = await readBody(c, schema);
      const task = await submitBody(c, context.commands.submit, { path, body }, () =>
        request(body, c.get('user'), context),
      );
      return c.json({
        code: 0,
        message: 'success',
        trigger_id: task.id,
        trigger_type: task.triggerType,
        result: task.id,
      });
    });
  };
}
