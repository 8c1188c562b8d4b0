import { createRoute, z } from '@hono/zod-openapi';
import type { ShownTask } from '@midjourney-api/shared/tasks/find-tasks';
import { searchTasks } from '@midjourney-api/shared/tasks/search-tasks';
import { taskStatuses } from '@midjourney-api/shared/tasks/statuses';
import { bots, failCodes, triggerTypes } from '@midjourney-api/shared/tasks/task';
import { isTaskId, type TaskId } from '@midjourney-api/shared/tasks/task-id';
import { readOperatorViews } from '@midjourney-api/shared/tasks/views/operator-view';
import { viewTask } from '@midjourney-api/shared/tasks/views/task-view';
import type { User } from '@midjourney-api/shared/users/users';
import type { Context } from 'hono';
import { Refusal } from '../../../commands/refusal.ts';
import type { Dependencies } from '../../../dependencies.ts';
import { imagesAtFor } from '../../../pictures/pictures-at.ts';
import type { FreshLinks } from '../../../queries/fresh-links.ts';
import { createListTasks, listPage, readCursor } from '../../../queries/list-tasks.ts';
import { createQueuePosition } from '../../../queries/queue-position.ts';
import { findTaskAfterChange } from '../../../queries/wait-for-change.ts';
import type { WatchedTasks } from '../../../queries/watched-tasks.ts';
import type { Api, AppEnv } from '../../app-env.ts';
import { requireOperator, userToShow } from '../../auth/operators-only.ts';
import { etagOf, matchesEtag } from '../../etag.ts';
import { problemResponses } from '../../problems/problem-schema.ts';
import { taskIdField } from '../fields.ts';
import { taskExample, taskSchema } from './task-schema.ts';

const taskRoute = createRoute({
  method: 'get',
  path: '/task/{id}',
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
      description: 'The task; its `ETag` is another after each change',
      content: { 'application/json': { schema: taskSchema, example: taskExample } },
    },
    304: { description: 'Not changed since the entity tag in `If-None-Match`' },
    ...problemResponses('invalid_request', 'auth_failed', 'not_found', 'unavailable', 'internal'),
  },
});

const tasksRoute = createRoute({
  method: 'get',
  path: '/tasks',
  tags: ['Tasks'],
  summary: 'Your tasks, newest first; for operators, everybody’s',
  request: {
    query: z.object({
      status: z.enum(taskStatuses).optional(),
      trigger_type: z.enum(triggerTypes).optional(),
      bot: z.enum(bots).optional().describe('whose command or button it is'),
      button: z
        .string()
        .min(1)
        .max(100)
        .optional()
        .describe('of an `action`: the kind of button that it presses'),
      user: z.string().max(64).optional().describe('operators: the name of a user'),
      account: z.string().max(64).optional().describe('operators: the account that draws them'),
      fail_code: z.enum(failCodes).optional().describe('operators: why they failed'),
      q: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .describe('operators: a part of the prompt; or the id of a task, a request or a message'),
      limit: z.coerce.number().int().min(1).max(100).default(20),
      cursor: z
        .string()
        .refine((cursor) => readCursor(cursor) !== undefined, 'must be a next_cursor of an earlier answer')
        .optional()
        .describe('next_cursor of the page before'),
    }),
  },
  responses: {
    200: {
      description: 'A page of tasks',
      content: {
        'application/json': {
          schema: z
            .object({
              data: z.array(taskSchema),
              next_cursor: z.string().nullable().describe('null on the last page'),
            })
            .openapi('Tasks'),
          example: { data: [taskExample], next_cursor: 'Mjg5NTE4Mzc0MDEyNTE4NDAw' },
        },
      },
    },
    ...problemResponses(
      'invalid_request',
      'auth_failed',
      'forbidden',
      'not_found',
      'unavailable',
      'internal',
    ),
  },
});

export function addReadRoutes(
  api: Api,
  deps: Dependencies,
  watched: WatchedTasks,
  freshLinks: FreshLinks,
): void {
  const { config, db, stopping } = deps;
  const findPosition = createQueuePosition(deps);
  const listTasks = createListTasks(db);
  const viewTasks = async (c: Context<AppEnv>, tasks: ShownTask[]) => {
    const imagesAt = imagesAtFor(c, config);
    const forOperators =
      c.get('user').role === 'operator' ? await readOperatorViews(db, tasks, imagesAt) : undefined;
    return tasks.map((task) => ({ ...viewTask(task, imagesAt), ...forOperators?.get(task.id) }));
  };
  api.openapi(taskRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { wait } = c.req.valid('query');
    const known = c.req.valid('header')['if-none-match'];

    // Most who poll have what there is: they cost a few bytes of the row, and no work on it.
    if (wait === undefined && known !== undefined && isTaskId(id)) {
      const now = await watched.readVersion(id);
      const isKnown = now?.userId === c.get('user').id && matchesEtag(known, etagOf(now));
      if (isKnown && !freshLinks.mayBeNeeded(now)) return c.body(null, 304, headersOf(now));
    }

    const waitsFor = (task: ShownTask) =>
      maySee(c.get('user'), task) && (known === undefined || matchesEtag(known, etagOf(task)));
    const find = (taskId: TaskId) =>
      wait === undefined
        ? watched.read(taskId)
        : findTaskAfterChange(watched, taskId, {
            ms: wait * 1_000,
            waitsFor,
            signals: [c.req.raw.signal, ...(stopping ? [stopping] : [])],
          });
    const found = isTaskId(id) ? await find(id) : undefined;
    if (!found || !maySee(c.get('user'), found)) {
      throw new Refusal('not_found', `You have no task ${id}.`);
    }

    const [task = found] = await freshLinks([found]);
    if (matchesEtag(known, etagOf(task))) return c.body(null, 304, headersOf(task));
    const [view] = await viewTasks(c, [task]);
    if (!view) throw new Error('A task has a view.');
    const queue = await findPosition(task);
    const { position, estimate_seconds } = queue ?? {};
    return c.json({ ...view, queue, position, estimate_seconds }, 200, headersOf(task));
  });

  api.openapi(tasksRoute, async (c) => {
    const { status, trigger_type, bot, button, user, account, fail_code, q, limit, cursor } =
      c.req.valid('query');
    const caller = c.get('user');
    if ([user, account, fail_code, q].some((given) => given !== undefined)) requireOperator(caller);
    const before = cursor === undefined ? undefined : readCursor(cursor);
    const filter = { status, triggerType: trigger_type, before };
    const isSearch = caller.role === 'operator' || bot !== undefined || button !== undefined;
    const { page, nextCursor } = await (isSearch
      ? listPage(limit, async (most) => {
          const userId = caller.role === 'operator' ? await userToShow(db, caller, user) : caller.id;
          const search = { ...filter, userId, account, failCode: fail_code, bot, button, q };
          return searchTasks(db, { ...search, limit: most });
        })
      : listTasks({ ...filter, userId: caller.id, limit }));
    return c.json(
      { data: await viewTasks(c, await freshLinks(page)), next_cursor: nextCursor },
      200,
      notToKeep,
    );
  });
}

/** Operators see anybody's tasks. */
function maySee(user: User, task: Pick<ShownTask, 'userId'>): boolean {
  return task.userId === user.id || user.role === 'operator';
}

const notToKeep = { 'Cache-Control': 'private, no-store' };

function headersOf(task: Pick<ShownTask, 'id' | 'version'>) {
  return { ...notToKeep, ETag: etagOf(task) };
}
