import { z } from '@hono/zod-openapi';
import { isTaskId } from '@midjourney-api/shared/tasks/task-id';
import { viewOfNoMjTask } from '@midjourney-api/shared/tasks/views/mj-task-view';
import { taskIdField } from '../../v1/fields.ts';
import { mjCodes, mjJson } from '../answer.ts';
import { mjGet } from '../mj-route.ts';
import { mjTaskExample, mjTaskSchema, viewMjTasks } from './task-views.ts';

export const addMjFetch = mjGet({
  path: '/task/{id}/fetch',
  operationId: 'mjFetch',
  summary: 'One of your tasks',
  description:
    'For one that does not exist, a task that failed with "task not found", with `code` 4 beside it.',
  params: z.object({ id: taskIdField }),
  answer: { schema: mjTaskSchema, example: mjTaskExample },
  handle: async (c, context) => {
    const id = c.req.param('id') ?? '';
    const found = isTaskId(id) ? await context.watched.read(id) : undefined;
    const own = found?.userId === c.get('user').id ? [found] : [];
    const [view] = await viewMjTasks(c, context, own);
    return mjJson(c, view ?? noSuchTask(id));
  },
});

/** As a task, since clients poll for ever at any other answer. */
function noSuchTask(id: string) {
  const view = viewOfNoMjTask(id);
  return { ...view, code: mjCodes.invalid, description: view.failReason };
}
