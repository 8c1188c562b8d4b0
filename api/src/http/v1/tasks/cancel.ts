import { createRoute, z } from '@hono/zod-openapi';
import { isOpen, taskStatuses } from '@midjourney-api/shared/tasks/statuses';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { createEndTask, findTaskToEnd, stopRequested } from '../../../commands/end-task.ts';
import type { Dependencies } from '../../../dependencies.ts';
import type { Api } from '../../app-env.ts';
import { problemResponses } from '../../problems/problem-schema.ts';
import { exampleTaskId, taskIdField } from '../fields.ts';

const route = createRoute({
  method: 'post',
  path: '/cancel',
  tags: ['Tasks'],
  summary: 'Stop a task',
  description:
    'One that waits fails with `cancelled` at once. One that is being drawn is cancelled at Midjourney: follow it, it ' +
    'fails with `cancelled` within seconds, unless its picture is faster. Either way its token is given back with the ' +
    'failure. A finished task stays as it is. Users can cancel their own tasks, operators those of all. Costs no token.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({ trigger_id: taskIdField }).openapi('Cancel'),
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
              message: z.string().describe('"success", or what happens now'),
              trigger_id: z.string(),
              status: z.enum(taskStatuses),
              cancelled: z.boolean().describe('whether it has ended by that already'),
            })
            .openapi('Cancelled'),
          examples: {
            waiting: {
              value: { message: 'success', trigger_id: exampleTaskId, status: 'failed', cancelled: true },
            },
            drawing: {
              value: {
                message: stopRequested,
                trigger_id: exampleTaskId,
                status: 'running',
                cancelled: false,
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

export function addCancel(api: Api, deps: Dependencies): void {
  const endTask = createEndTask(deps);
  api.openapi(route, async (c) => {
    const user = c.get('user');
    const found = await findTaskToEnd(deps.db, user, c.req.valid('json').trigger_id);
    c.set('task', found.id);
    const { task, applied } = await endTask(c, found, { type: 'cancel_requested' });
    const cancelled = task.failCode === 'cancelled';
    const answer = { trigger_id: task.id, status: task.status, cancelled };
    return c.json({ message: messageFor(task, applied), ...answer }, 200);
  });
}

function messageFor(task: Task, applied: boolean): string {
  if (isOpen(task)) return stopRequested;
  if (task.failCode === 'cancelled') return applied ? 'success' : 'The task is cancelled already.';
  return `The task has ${task.status} already; there is nothing to cancel.`;
}
