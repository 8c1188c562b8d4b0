import { z } from '@hono/zod-openapi';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { ShownTask } from '@midjourney-api/shared/tasks/find-tasks';
import { isTaskId, type TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { MjTaskView } from '@midjourney-api/shared/tasks/views/mj-task-schema';
import { viewMjWindow } from '@midjourney-api/shared/tasks/views/mj-window-view';
import { findWindows, type Window } from '@midjourney-api/shared/tasks/windows';
import { createListOwnTasks } from '../../../queries/list-tasks.ts';
import { findOpenTasks, findOwnTasks } from '../../../queries/own-tasks.ts';
import { mjJson } from '../answer.ts';
import { type AddMjRoute, mjGet, mjPost } from '../mj-route.ts';
import { mjTaskIdField } from '../submit/submit-fields.ts';
import { mjTaskExample, mjTaskSchema, viewMjTasks } from './task-views.ts';

const answer = { schema: z.array(mjTaskSchema), example: [mjTaskExample] };

/** Gateways ask for all that they have open at once, and give none of them up while they are refused. */
const mostIds = 10_000;
const newest = 100;
const mostOpen = 1_000;

const byIds = {
  summary: 'Those of these tasks that are yours',
  answer,
  schema: z
    .object({
      ids: z
        .array(mjTaskIdField)
        .max(mostIds, `must be at most ${mostIds} at a time`)
        .default([])
        .describe('unknown ones are left out'),
    })
    .openapi('MjTaskIds'),
  example: { ids: ['1767323045678400'] },
} satisfies Partial<Parameters<typeof mjPost>[0]>;

const handleIds: Parameters<typeof mjPost<typeof byIds.schema>>[0]['handle'] = async (
  c,
  { ids },
  context,
) => {
  const asked = [...new Set(ids)].filter(isTaskId);
  const { own, windows } = await findShown(context.db, c.get('user').id, asked);
  return mjJson(c, withWindows(await viewMjTasks(c, context, own), windows, context.clock()));
};

/** The user's tasks of these, which nearly all of them are, and the windows that are to become the others. */
async function findShown(
  db: Database,
  userId: number,
  ids: TaskId[],
): Promise<{ own: ShownTask[]; windows: Window[] }> {
  const found = await findOwnTasks(db, userId, ids);
  const others = without(ids, found);
  const windows = await findWindows(db, userId, others);
  // Between the two looks a window may have become a task.
  const since = await findOwnTasks(db, userId, without(others, windows));
  return { own: [...found, ...since], windows };
}

function without(ids: TaskId[], found: { id: TaskId }[]): TaskId[] {
  const known = new Set(found.map(({ id }) => id));
  return ids.filter((id) => !known.has(id));
}

export const addMjListByCondition = mjPost({
  ...byIds,
  path: '/task/list-by-condition',
  operationId: 'mjListByCondition',
  handle: handleIds,
});

export const addMjListByIds = mjPost({
  ...byIds,
  path: '/task/list-by-ids',
  operationId: 'mjListByIds',
  handle: handleIds,
});

export const addMjList: AddMjRoute = (api, context) => {
  const listOwnTasks = createListOwnTasks(context.db);
  mjGet({
    path: '/task/list',
    operationId: 'mjList',
    summary: `Your ${newest} newest tasks, newest first`,
    answer,
    handle: async (c) => {
      const { id: userId } = c.get('user');
      const windows = await findWindows(context.db, userId);
      const { page } = await listOwnTasks({ userId, limit: newest });
      const all = withWindows(await viewMjTasks(c, context, page), windows, context.clock());
      return mjJson(c, all.sort((one, other) => Number(other.id) - Number(one.id)).slice(0, newest));
    },
  })(api, context);
};

/** With windows, as they were before the tasks were looked for: some may be among these by now. */
function withWindows(tasks: MjTaskView[], windows: Window[], now: Date): MjTaskView[] {
  const ids = new Set(tasks.map(({ id }) => id));
  const open = windows.filter(({ id }) => !ids.has(id));
  return [...tasks, ...open.map((window) => viewMjWindow(window, now))];
}

export const addMjQueue = mjGet({
  path: '/task/queue',
  operationId: 'mjQueue',
  summary: 'Your tasks that have not ended, oldest first',
  answer,
  handle: async (c, context) => {
    const open = await findOpenTasks(context.db, c.get('user').id, mostOpen);
    return mjJson(c, await viewMjTasks(c, context, open));
  },
});
