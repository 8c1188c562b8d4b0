import { createRoute, z } from '@hono/zod-openapi';
import { changeTask } from '@midjourney-api/shared/tasks/change-task';
import { taskStatuses } from '@midjourney-api/shared/tasks/task';
import type { Api, Dependencies } from '../app-env.ts';
import { problemResponses } from '../problems/problem-schema.ts';
import { findTaskToEnd, removeJob } from './own-task.ts';
import { exampleTaskId, taskIdField } from './task-fields.ts';

const route = createRoute({
  method: 'post',
  path: '/queue/release',
  tags: ['Tasks'],
  summary: 'Give up a waiting or stuck task',
  description:
    'The task fails with `released`, its token is given back and its slot is free. ' +
    'Users can release their own tasks, operators those of all. A finished task stays as it is.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.object({ trigger_id: taskIdField }).openapi('Release'),
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
              message: z.string().describe('"success", or why there was nothing to release'),
              trigger_id: z.string(),
              status: z.enum(taskStatuses),
              released: z.boolean(),
            })
            .openapi('Released'),
          example: { message: 'success', trigger_id: exampleTaskId, status: 'failed', released: true },
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

export function addRelease(
  api: Api,
  { db, queues, changes, taskEnded, log, clock = () => new Date() }: Dependencies,
): void {
  api.openapi(route, async (c) => {
    const user = c.get('user');
    const found = await findTaskToEnd(db, user, c.req.valid('json').trigger_id);
    const own = found.userId === user.id;

    const reason = own ? 'Released by its owner.' : 'Released by an operator.';
    const changed = await changeTask(
      { db, changes, queues, taskEnded },
      found.id,
      { type: 'failed', code: 'released', reason },
      clock(),
    );
    const { task, applied: released } = changed ?? { task: found, applied: false };
    c.set('task', task.id);
    if (released) {
      await removeJob(queues, task).catch((err) =>
        log.debug({ err, task: task.id }, 'the job of a released task stays'),
      );
    }
    const message = released
      ? 'success'
      : `The task has ${task.status} already; there is nothing to release.`;
    return c.json({ message, trigger_id: task.id, status: task.status, released }, 200);
  });
}
