import { createRoute, z } from '@hono/zod-openapi';
import type { ShownTask } from '@midjourney-api/shared/tasks/find-tasks';
import { isTaskId, type TaskId } from '@midjourney-api/shared/tasks/task-id';
import { maySee, noSuchTask } from '../../../queries/access.ts';
import { createQueuePosition } from '../../../queries/queue-position.ts';
import { findTaskAfterChange } from '../../../queries/wait-for-change.ts';
import type { Api, RouteContext } from '../../app-env.ts';
import { etagOf, matchesEtag } from '../../etag.ts';
import { problemsWithKey } from '../../problems/problem-schema.ts';
import { taskIdField } from '../fields.ts';
import { taskExample, taskSchema } from './task-schema.ts';
import { notToKeep, viewTasksFor } from './task-views.ts';

const route = createRoute({
  method: 'get',
  path: '/task/{id}',
  operationId: 'getTask',
  tags: ['Tasks'],
  summary: 'One of your tasks; for operators, anybody’s',
  description:
    'With `wait`, answers as soon as the task changes, or when the time is up. ' +
    'With `If-None-Match` too, a change since that entity tag is answered at once.',
  request: {
    params: z.object({ id: taskIdField }),
    query: z.object({
      wait: z.coerce
        .number()
        .int()
        .min(1)
        .max(60)
        .optional()
        .describe('seconds to wait for a change')
        .openapi({ example: 30 }),
    }),
    headers: z.object({ 'if-none-match': z.string().optional().describe('ETag of an earlier answer') }),
  },
  responses: {
    200: {
      description: 'The task; its `ETag` differs after each change',
      content: { 'application/json': { schema: taskSchema, example: taskExample } },
    },
    304: { description: 'Not changed since the entity tag in `If-None-Match`' },
    ...problemsWithKey('invalid_request', 'not_found'),
  },
});

export function addGetTask(api: Api, deps: RouteContext): void {
  const { watched, freshLinks, stopping } = deps;
  const findPosition = createQueuePosition(deps);

  api.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { wait } = c.req.valid('query');
    const known = c.req.valid('header')['if-none-match'];
    const user = c.get('user');

    // Most clients that poll have the current version: for them a few bytes of the row are read.
    if (wait === undefined && known !== undefined && isTaskId(id)) {
      const now = await watched.readVersion(id);
      const isKnown = now?.userId === user.id && matchesEtag(known, etagOf(now));
      if (isKnown && !freshLinks.mayBeNeeded(now)) return c.body(null, 304, headersOf(now));
    }

    const waitsFor = (task: ShownTask) =>
      maySee(user, task) && (known === undefined || matchesEtag(known, etagOf(task)));
    const find = (taskId: TaskId) =>
      wait === undefined
        ? watched.read(taskId)
        : findTaskAfterChange(watched, taskId, {
            ms: wait * 1_000,
            waitsFor,
            signals: [c.req.raw.signal, ...(stopping ? [stopping] : [])],
          });
    const found = isTaskId(id) ? await find(id) : undefined;
    if (!found || !maySee(user, found)) throw noSuchTask(id);

    const [task = found] = await freshLinks([found]);
    if (matchesEtag(known, etagOf(task))) return c.body(null, 304, headersOf(task));
    const [view] = await viewTasksFor(c, deps, [task]);
    if (!view) throw new Error('A task has a view.');
    const queue = (await findPosition(task)) ?? view.queue;
    const { position, estimate_seconds } = queue ?? {};
    return c.json({ ...view, queue, position, estimate_seconds }, 200, headersOf(task));
  });
}

function headersOf(task: Pick<ShownTask, 'id' | 'version'>) {
  return { ...notToKeep, ETag: etagOf(task) };
}
