import { createRoute, z } from '@hono/zod-openapi';
import { taskJobId } from '@midjourney-api/shared/queues/queues';
import { changeTask } from '@midjourney-api/shared/tasks/change-task';
import { findTask } from '@midjourney-api/shared/tasks/find-tasks';
import { type Task, taskStatuses } from '@midjourney-api/shared/tasks/task';
import { isTaskId } from '@midjourney-api/shared/tasks/task-id';
import type { Api, Dependencies } from '../app-env.ts';
import { Problem } from '../problems/problem.ts';
import { problemResponses } from '../problems/problem-schema.ts';
import { withTimeLimit } from '../time-limit.ts';
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
  { db, queues, changes, metrics, log, clock = () => new Date() }: Dependencies,
): void {
  /** The job of a task that is over would end by itself; without it the slot is free sooner. */
  const removeJob = async (task: Task) => {
    const places = queues.placesOf(task);
    await withTimeLimit(Promise.all(places.map((queue) => queue.remove(taskJobId(task.id)))), 1_000);
  };

  api.openapi(route, async (c) => {
    const { trigger_id } = c.req.valid('json');
    const user = c.get('user');
    const found = isTaskId(trigger_id) ? await findTask(db, trigger_id) : undefined;
    const own = found?.userId === user.id;
    if (!found || !(own || user.role === 'operator')) {
      throw new Problem('not_found', `You have no task ${trigger_id}.`);
    }

    const reason = own ? 'Released by its owner.' : 'Released by an operator.';
    const changed = await changeTask(
      { db, changes, queues },
      found.id,
      { type: 'failed', code: 'released', reason },
      clock(),
    );
    const { task, applied: released } = changed ?? { task: found, applied: false };
    if (released) {
      const line = { request_id: c.get('requestId'), task: task.id, user: user.userName };
      metrics.refunds.inc({ reason: 'released' });
      log.info(line, 'task released, its token is refunded');
      await removeJob(task).catch((err) => log.debug({ ...line, err }, 'the job of a released task stays'));
    }
    const message = released
      ? 'success'
      : `The task has ${task.status} already; there is nothing to release.`;
    return c.json({ message, trigger_id: task.id, status: task.status, released }, 200);
  });
}
