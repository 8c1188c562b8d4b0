import { createRoute, z } from '@hono/zod-openapi';
import { createEndStuckTasks } from '../../commands/end-stuck-tasks.ts';
import { createEndTask } from '../../commands/end-task.ts';
import { countOpenTasks } from '../../queries/count-open-tasks.ts';
import type { Api, RouteContext } from '../app-env.ts';
import { bodyLimit, jsonBodyBytes } from '../middleware/body-limit.ts';
import { problemResponses } from '../problems/problem-schema.ts';
import { readBody } from './body.ts';
import { anyTaskId } from './fields.ts';

const sizesSchema = z.object({
  wait_size: z.int().describe('tasks that wait, of all users'),
  concur_size: z.int().describe('tasks that are at Midjourney, of all users'),
});
const exampleSizes = { wait_size: 4, concur_size: 3 };

const statusRoute = createRoute({
  method: 'get',
  path: '/queue/status',
  operationId: 'originalQueueStatus',
  tags: ['Original'],
  summary: 'How many tasks wait and are drawn',
  responses: {
    200: {
      description: 'The sizes of both queues',
      content: {
        'application/json': {
          schema: z.object({ code: z.literal(0), data: sizesSchema }),
          example: { code: 0, data: exampleSizes },
        },
      },
    },
    ...problemResponses('auth_failed'),
  },
});

const cleanupRoute = createRoute({
  method: 'post',
  path: '/queue/cleanup',
  operationId: 'originalQueueCleanup',
  tags: ['Original'],
  summary: 'Give up your tasks that have been stuck for five minutes',
  description:
    'Those that Midjourney has had for so long, or has drawn for so long without progress. Each is given up as by `/queue/release`.',
  responses: {
    200: {
      description: 'How many, and the sizes of both queues',
      content: {
        'application/json': {
          schema: z.object({ code: z.literal(0), message: z.string(), data: sizesSchema }),
          example: { code: 0, message: '1 task given up.', data: exampleSizes },
        },
      },
    },
    ...problemResponses('auth_failed'),
  },
});

/** The routes about the queue. */
export function addQueue(api: Api, context: RouteContext): void {
  const endTask = createEndTask(context);
  const endStuckTasks = createEndStuckTasks(context);
  const readSizes = async () => {
    const { queued, submitted, running } = await countOpenTasks(context.db);
    return { wait_size: queued, concur_size: submitted + running };
  };

  api.openapi(statusRoute, async (c) => c.json({ code: 0 as const, data: await readSizes() }, 200));

  api.openapi(cleanupRoute, async (c) => {
    const ended = await endStuckTasks({ user: c.get('user'), requestId: c.get('requestId') });
    const message = `${ended} ${ended === 1 ? 'task' : 'tasks'} given up.`;
    return c.json({ code: 0 as const, message, data: await readSizes() }, 200);
  });

  api.post('/queue/release', bodyLimit(jsonBodyBytes), async (c) => {
    const { trigger_id: id } = await readBody(c, z.object({ trigger_id: anyTaskId }));
    const { task } = await endTask({
      user: c.get('user'),
      requestId: c.get('requestId'),
      id,
      code: 'released',
    });
    c.set('task', task.id);
    return c.json({ trigger_id: id, trigger_type: 'queue_release', result: 'success' });
  });
}
