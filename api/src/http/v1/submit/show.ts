import { createRoute, z } from '@hono/zod-openapi';
import { accountNames } from '@midjourney-api/shared/accounts/accounts';
import type { Database } from '@midjourney-api/shared/database/connect';
import { findTasksByHash } from '@midjourney-api/shared/tasks/find-tasks';
import { isClaimable } from '@midjourney-api/shared/tasks/task';
import { checkSpeedOf } from '../../../commands/admission/account-at-speed.ts';
import { invalidField, Refusal } from '../../../commands/refusal.ts';
import { type SubmitTask, submitAnswer, type TaskRequest } from '../../../commands/submit.ts';
import type { Dependencies } from '../../../dependencies.ts';
import type { Api } from '../../app-env.ts';
import { problemResponses } from '../../problems/problem-schema.ts';
import {
  acceptedResponse,
  botField,
  exampleHash,
  exampleTaskId,
  ofBot,
  speedField,
  submitFields,
  submitParameters,
} from '../fields.ts';

const bodySchema = z
  .strictObject({
    job_id: z
      .string()
      .toLowerCase()
      .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "must be a Midjourney job's UUID")
      .openapi({ type: 'string', format: 'uuid' })
      .describe("the job's UUID: the `msg_hash` of a task, or the end of a picture's file name"),
    account: z
      .string()
      .min(1)
      .max(64)
      .nullish()
      .openapi({ type: ['string', 'null'], example: 'default' })
      .describe(
        'the Midjourney account that drew the job, by the name that the operator gave it; only for a job that this service did not draw, and only needed where there are several accounts',
      ),
    speed: speedField.describe('can only be one that the account of the job draws at'),
    bot: botField,
    ...submitFields,
  })
  .openapi('Show');

const route = createRoute({
  method: 'post',
  path: '/show',
  tags: ['Submit'],
  summary: 'Bring an old Midjourney job back, with its buttons',
  description:
    'As a task of this service, which can be continued like any other. Midjourney shows an account its own jobs only: ' +
    'for one that this service drew, the account that drew it is asked; for any other, say which in `account`. ' +
    'Costs one token, which is given back if the task fails.',
  parameters: submitParameters,
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: bodySchema,
          example: { job_id: exampleHash },
        },
      },
    },
  },
  responses: {
    200: acceptedResponse({
      message: 'success',
      trigger_id: exampleTaskId,
      trigger_type: 'show',
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

export function addShow(api: Api, { db }: Dependencies, submitTask: SubmitTask): void {
  api.openapi(route, async (c) => {
    const body = c.req.valid('json');
    const task = await submitTask(c, body, () => showRequest(db, c.get('user').id, body));
    return c.json(submitAnswer(task), 200);
  });
}

type ShowBody = z.infer<typeof bodySchema>;

/** @throws {Refusal} 404 when the job is another user's: no id of theirs gets anything done with it. */
async function showRequest(db: Database, userId: number, body: ShowBody): Promise<TaskRequest> {
  const { job_id: jobId, bot, speed } = body;
  const drawnHere = await findTasksByHash(db, jobId);
  const own = drawnHere.find((task) => task.userId === userId);
  if (!own && drawnHere.length > 0) throw new Refusal('not_found', `You have no job ${jobId}.`);
  if (own && isClaimable(own)) {
    throw new Refusal(
      'action_unavailable',
      `That is the late picture of task ${own.id}: POST /task/${own.id}/claim makes it yours. Nothing was charged.`,
      { available: [] },
    );
  }
  const account = own?.account ?? (await namedAccount(db, body.account));
  await checkSpeedOf(db, { speed, account, mustBeSet: false, otherwise: 'Leave speed out.' });
  return {
    triggerType: 'show',
    action: { kind: 'show', jobId, ...ofBot(bot ?? own?.action.bot) },
    account,
    prompt: own?.prompt ?? '',
    ...(own && { parentId: own.id, speed: own.speed }),
  };
}

/** @throws {Refusal} 400 when there is no such account, or none is named and there are several. */
async function namedAccount(db: Database, name: string | null | undefined): Promise<string> {
  const names = await accountNames(db);
  const [only] = names;
  if (name ? names.includes(name) : names.length === 1) return name ?? only ?? '';
  const message = name
    ? 'is the name of no Midjourney account; the operator knows their names'
    : 'is needed, as this service did not draw the job: the Midjourney account that did, by the name that the operator gave it';
  throw invalidField('account', message);
}
