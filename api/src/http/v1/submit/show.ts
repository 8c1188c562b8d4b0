import { z } from '@hono/zod-openapi';
import { showRequest } from '../../../commands/requests/show.ts';
import { accountNameField, botField, exampleHash, speedField } from '../fields.ts';
import { submitFields } from './submit-fields.ts';
import { costsOneToken, submitRoute } from './submit-route.ts';

export const addShow = submitRoute({
  path: '/show',
  operationId: 'show',
  triggerType: 'show',
  summary: 'Bring an old Midjourney job back, with its buttons',
  description:
    'The job becomes a task that can be continued like any other. Midjourney shows an account its own jobs only: the ' +
    'account is known for a job that this service drew; for any other, name it in `account`. ' +
    costsOneToken,
  schema: z
    .strictObject({
      job_id: z
        .string()
        .toLowerCase()
        .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "must be a Midjourney job's UUID")
        .openapi({ type: 'string', format: 'uuid' })
        .describe("the job's UUID: the `msg_hash` of a task, or the end of a picture's file name"),
      account: accountNameField
        .nullish()
        .openapi({ type: ['string', 'null'], example: 'default' })
        .describe(
          'the Midjourney account that drew the job, by the name that the operator gave it; only for a job that this service did not draw, and only needed where there are several accounts',
        ),
      speed: speedField.describe('must be a speed that the account of the job draws at'),
      bot: botField,
      ...submitFields,
    })
    .openapi('Show'),
  example: { job_id: exampleHash },
  problems: ['not_found', 'action_unavailable'],
  request: ({ job_id, account, speed, bot }, user, deps) =>
    showRequest(deps, user, { jobId: job_id, account, speed, bot }),
});
