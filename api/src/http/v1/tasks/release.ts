import { createRoute, z } from '@hono/zod-openapi';
import { isOpen, taskStatuses } from '@midjourney-api/shared/tasks/statuses';
import type { Task } from '@midjourney-api/shared/tasks/task';
import type { User } from '@midjourney-api/shared/users/users';
import { createEndTask, type EndTask, findTaskToEnd, stopRequested } from '../../../commands/end-task.ts';
import type { Dependencies } from '../../../dependencies.ts';
import type { Api } from '../../app-env.ts';
import { problemResponses } from '../../problems/problem-schema.ts';
import { exampleTaskId, taskIdField } from '../fields.ts';

const route = createRoute({
  method: 'post',
  path: '/queue/release',
  tags: ['Tasks'],
  summary: 'Give up a waiting or stuck task',
  description:
    'By its owner: a task that was not sent fails with `released` at once, and its token is given back; one that was ' +
    'sent is cancelled, as by `/cancel`. By an operator, any task fails with `released` at once, and its token is given ' +
    'back; the account is free for another one when Midjourney has ended the drawing. A finished task stays as it is.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({ trigger_id: taskIdField }).openapi('Release'),
          example: { trigger_id: exampleTaskId },
        },
      },
    },
  },
  responses: {
    200: {
      description: 'What became of it',
      content: {
        'application/json': {
          schema: z
            .object({
              message: z.string().describe('"success", or what happens instead'),
              trigger_id: z.string(),
              status: z.enum(taskStatuses),
              released: z.boolean().describe('whether it has ended by that already'),
            })
            .openapi('Released'),
          examples: {
            waiting: {
              value: { message: 'success', trigger_id: exampleTaskId, status: 'failed', released: true },
            },
            drawing: {
              value: {
                message: stopRequested,
                trigger_id: exampleTaskId,
                status: 'running',
                released: false,
              },
            },
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

export function addRelease(api: Api, deps: Dependencies): void {
  const endTask = createEndTask(deps);
  api.openapi(route, async (c) => {
    const user = c.get('user');
    const found = await findTaskToEnd(deps.db, user, c.req.valid('json').trigger_id);
    c.set('task', found.id);
    const { task, applied } = await endTask(c, found, releaseBy(user));
    const released = applied && task.failCode === 'released';
    const answer = { trigger_id: task.id, status: task.status, released };
    return c.json({ message: messageFor(task, released), ...answer }, 200);
  });
}

/** What an owner gives up, Midjourney may still draw: its picture would be free. */
function releaseBy({ role }: User): Parameters<EndTask>[2] {
  if (role !== 'operator') return { type: 'cancel_requested', code: 'released' };
  return { type: 'failed', code: 'released', reason: 'Released by an operator.' };
}

function messageFor(task: Task, released: boolean): string {
  if (released) return 'success';
  if (isOpen(task)) return stopRequested;
  return `The task has ${task.status} already; there is nothing to release.`;
}
