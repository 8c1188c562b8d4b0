import { z } from '@hono/zod-openapi';
import { isTaskId } from '@midjourney-api/shared/tasks/task-id';
import { taskIdField } from '../../v1/fields.ts';
import { mjNotFound } from '../answer.ts';
import { mjGet } from '../mj-route.ts';
import { viewMjTasks } from './task-views.ts';

/** Clients of gateways know the address of a picture by its task, which gateways serve it at. */
export const addMjImage = mjGet({
  path: '/image/{id}',
  operationId: 'mjImage',
  summary: "A task's picture",
  description: 'The same as its `imageUrl`, which needs no key.',
  params: z.object({ id: taskIdField }),
  answer: { redirectsTo: 'Where the picture is' },
  handle: async (c, context) => {
    const id = c.req.param('id') ?? '';
    const task = isTaskId(id) ? await context.watched.read(id) : undefined;
    const isOwn = task !== undefined && task.userId === c.get('user').id;
    const [view] = isOwn ? await viewMjTasks(c, context, [task]) : [];
    if (!view?.imageUrl) return mjNotFound(c, `You have no task ${id} with a picture.`);
    return c.body(null, 302, { Location: view.imageUrl, 'Cache-Control': 'private, no-store' });
  },
});
