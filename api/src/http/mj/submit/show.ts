import { z } from '@hono/zod-openapi';
import { findTasksByHash } from '@midjourney-api/shared/tasks/find-tasks';
import type { User } from '@midjourney-api/shared/users/users';
import { invalidField } from '../../../commands/refusal.ts';
import { showRequest } from '../../../commands/requests/show.ts';
import { exampleHash } from '../../v1/fields.ts';
import { envelopeSchema, mjJson } from '../answer.ts';
import { type MjContext, mjPost } from '../mj-route.ts';
import { botOf, botTypeField, mjSubmitFields } from './submit-fields.ts';
import { envelopeExample, submitMj } from './submit-route.ts';

export const addMjShow = mjPost({
  path: '/submit/show',
  operationId: 'mjShow',
  summary: 'Bring an old Midjourney job back, with its buttons',
  description: 'For a job of one of your tasks, that task is answered, and nothing charged.',
  schema: z
    .object({
      jobId: z.string().describe('the UUID of the job, or the address of a picture that has it'),
      botType: botTypeField,
      ...mjSubmitFields,
    })
    .openapi('MjShow'),
  example: { jobId: exampleHash },
  answer: { schema: envelopeSchema, example: envelopeExample },
  handle: async (c, body, context) => {
    const jobId = jobIdIn(body.jobId);
    const known = await findShown(context, c.get('user'), jobId);
    if (known) return mjJson(c, { ...envelopeExample, result: known });
    const account = await namedAccount(context, body.accountFilter?.instanceId);
    return submitMj(c, context, body, ({ user, speed }) =>
      showRequest(context, user, { jobId, account, speed, bot: botOf(body.botType) }),
    );
  },
});

/** @throws {Refusal} `invalid_request` when there is none. */
export function jobIdIn(text: string): string {
  const found = /(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])/i.exec(text)?.[0];
  if (found) return found.toLowerCase();
  throw invalidField('jobId', "must be a Midjourney job's UUID, or the address of a picture that has it");
}

/** The user's finished task of that job. */
async function findShown({ db }: Pick<MjContext, 'db'>, { id }: User, jobId: string) {
  const ofJob = await findTasksByHash(db, jobId);
  return ofJob.find(({ userId, status }) => userId === id && status === 'succeeded')?.id;
}

/** Clients send ids of other services there, too. */
async function namedAccount({ accountNamed }: Pick<MjContext, 'accountNamed'>, instanceId: unknown) {
  return typeof instanceId === 'string' ? (await accountNamed(instanceId))?.name : undefined;
}
