import { z } from '@hono/zod-openapi';
import type { ShownTask } from '@midjourney-api/shared/tasks/find-tasks';
import { isTaskId, type TaskId } from '@midjourney-api/shared/tasks/task-id';
import { viewOfNoMjTask } from '@midjourney-api/shared/tasks/views/mj-task-view';
import { viewMjWindow } from '@midjourney-api/shared/tasks/views/mj-window-view';
import { findWindows, type Window } from '@midjourney-api/shared/tasks/windows';
import { taskIdField } from '../../v1/fields.ts';
import { mjCodes, mjJson } from '../answer.ts';
import { type MjContext, mjGet } from '../mj-route.ts';
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
    const shown = isTaskId(id) ? await findShown(context, c.get('user').id, id) : undefined;
    if (shown === undefined) return mjJson(c, noSuchTask(id));
    if ('window' in shown) return mjJson(c, viewMjWindow(shown.window, context.clock()));
    const [view] = await viewMjTasks(c, context, [shown.task]);
    return mjJson(c, view);
  },
});

/** The user's task, or the window that is to become it. */
async function findShown(
  { db, watched }: MjContext,
  userId: number,
  id: TaskId,
): Promise<{ task: ShownTask } | { window: Window } | undefined> {
  const findOwn = async () => {
    const task = await watched.read(id);
    return task?.userId === userId ? { task } : undefined;
  };
  const found = await findOwn();
  if (found) return found;
  const [window] = await findWindows(db, userId, [id]);
  // Between the two looks the window may have become a task.
  return window ? { window } : findOwn();
}

/** As a task, since clients poll for ever at any other answer. */
function noSuchTask(id: string) {
  const view = viewOfNoMjTask(id);
  return { ...view, code: mjCodes.invalid, description: view.failReason };
}
