import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '@midjourney-api/shared/database/connect';
import { findTasksByHash } from '@midjourney-api/shared/tasks/find-tasks';
import type { Bot } from '@midjourney-api/shared/tasks/task';
import type { Api, Dependencies } from '../app-env.ts';
import { Problem } from '../problems/problem.ts';
import { problemResponses } from '../problems/problem-schema.ts';
import { type SubmitTask, submitAnswer, type TaskRequest } from './submit-task.ts';
import {
  acceptedResponse,
  botField,
  exampleHash,
  exampleTaskId,
  ofBot,
  submitFields,
  submitHeaders,
} from './task-fields.ts';

const route = createRoute({
  method: 'post',
  path: '/show',
  tags: ['Submit'],
  summary: 'Bring an old Midjourney job back, with its buttons',
  description:
    'As a task of this service, which can be continued like any other. Midjourney shows an account its own jobs only: ' +
    'for one that this service drew, that account is asked; for any other, whichever is free. ' +
    'Costs one token, which is given back if the task fails.',
  request: {
    headers: submitHeaders,
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .object({
              job_id: z
                .string()
                .toLowerCase()
                .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "must be a Midjourney job's UUID")
                .openapi({ type: 'string', format: 'uuid' })
                .describe("the job's UUID: the `msg_hash` of a task, or the end of a picture's file name"),
              bot: botField,
              ...submitFields,
            })
            .openapi('Show'),
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
    const task = await submitTask(c, body, () =>
      showRequest(db, c.get('user').id, body.job_id, body.bot ?? undefined),
    );
    return c.json(submitAnswer(task), 200);
  });
}

/** @throws {Problem} 404 when the job is another user's: no id of theirs gets anything done with it. */
async function showRequest(
  db: Database,
  userId: number,
  jobId: string,
  bot: Bot | undefined,
): Promise<TaskRequest> {
  const drawnHere = await findTasksByHash(db, jobId);
  const own = drawnHere.find((task) => task.userId === userId);
  if (!own && drawnHere.length > 0) throw new Problem('not_found', `You have no job ${jobId}.`);
  return {
    triggerType: 'show',
    action: { kind: 'show', jobId, ...ofBot(bot ?? own?.action.bot) },
    ...(own && { parentId: own.id, account: own.account, prompt: own.prompt }),
    prompt: own?.prompt ?? '',
  };
}
