import { createRoute, z } from '@hono/zod-openapi';
import { changeTask } from '@midjourney-api/shared/tasks/change-task';
import { isOpen, type Task, taskStatuses } from '@midjourney-api/shared/tasks/task';
import type { Api, Dependencies } from '../app-env.ts';
import { problemResponses } from '../problems/problem-schema.ts';
import { findTaskToEnd, removeJob } from './own-task.ts';
import { exampleTaskId, taskIdField } from './task-fields.ts';

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
          schema: z.object({ trigger_id: taskIdField }).openapi('Cancel'),
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
                message: 'Midjourney is told to stop; the task fails with "cancelled" when it has.',
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

export function addCancel(
  api: Api,
  { db, queues, changes, taskEnded, log, clock = () => new Date() }: Dependencies,
): void {
  api.openapi(route, async (c) => {
    const user = c.get('user');
    const found = await findTaskToEnd(db, user, c.req.valid('json').trigger_id);
    const changed = await changeTask(
      { db, changes, queues, taskEnded },
      found.id,
      { type: 'cancel_requested' },
      clock(),
    );
    const { task, applied } = changed ?? { task: found, applied: false };
    const cancelled = task.failCode === 'cancelled';
    c.set('task', task.id);
    if (applied && cancelled) {
      await removeJob(queues, task).catch((err) =>
        log.debug({ err, task: task.id }, 'the job of a cancelled task stays'),
      );
    }
    // Whoever asks again may do so because nothing happened.
    if (!applied && isOpen(task)) changes.announce(task);
    const answer = { trigger_id: task.id, status: task.status, cancelled };
    return c.json({ message: messageFor(task, applied), ...answer }, 200);
  });
}

function messageFor(task: Task, applied: boolean): string {
  if (isOpen(task)) return 'Midjourney is told to stop; the task fails with "cancelled" when it has.';
  if (task.failCode === 'cancelled') return applied ? 'success' : 'The task is cancelled already.';
  return `The task has ${task.status} already; there is nothing to cancel.`;
}
