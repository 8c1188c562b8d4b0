import { createRoute, z } from '@hono/zod-openapi';
import type { ShownTask } from '@midjourney-api/shared/tasks/find-tasks';
import { isTaskId } from '@midjourney-api/shared/tasks/task-id';
import type { Context } from 'hono';
import { maySee, noSuchTask } from '../../queries/access.ts';
import { findTasksAtOffset } from '../../queries/tasks-at-offset.ts';
import type { Api, AppEnv, RouteContext } from '../app-env.ts';
import { problemResponses } from '../problems/problem-schema.ts';
import { exampleTaskId } from '../v1/fields.ts';
import { notToKeep, picturesFor } from '../v1/tasks/task-views.ts';
import { read } from './body.ts';
import {
  taskStates,
  tasksInState,
  type Viewpoint,
  viewFailure,
  viewResult,
  viewRow,
  viewTaskAsOriginal,
} from './task-view.ts';

const listQuery = z.object({
  status: z.string().optional(),
  limit: z.coerce.number().int().min(0).default(100),
  offset: z.coerce.number().int().min(0).default(0),
});

/** In one answer, whatever is asked for. */
const mostRows = 1_000;

const resultRoute = createRoute({
  method: 'get',
  path: '/result/{id}',
  operationId: 'originalResult',
  tags: ['Original'],
  summary: 'What became of a task',
  request: { params: z.object({ id: z.string().openapi({ example: exampleTaskId }) }) },
  responses: {
    200: {
      description: 'Of an unknown task, `code` is 10',
      content: {
        'application/json': {
          schema: z.object({
            code: z.literal([0, 10]),
            data: z.object({
              task_status: z.enum(taskStates),
              file_url: z.string().optional().describe('of a grid four addresses, joined by `||`'),
            }),
          }),
          example: { code: 0, data: { task_status: 'RUNNING' } },
        },
      },
    },
    ...problemResponses('auth_failed'),
  },
});

/** The routes that read tasks. */
export function addTasks(api: Api, context: RouteContext): void {
  const find = async (c: Context<AppEnv>, id: string): Promise<ShownTask | undefined> => {
    const found = isTaskId(id) ? await context.watched.read(id) : undefined;
    if (!found || !maySee(c.get('user'), found)) return undefined;
    const [task] = await context.freshLinks([found]);
    return task;
  };
  const viewpointOf = (c: Context): Viewpoint => ({
    picturesAt: picturesFor(c, context),
    now: context.clock(),
  });

  api.get('/task/:id', async (c) => {
    const id = c.req.param('id');
    const task = await find(c, id);
    const view = task ? viewTaskAsOriginal(task, viewpointOf(c)) : viewFailure(noSuchTask(id).message);
    return c.json(view, 200, notToKeep);
  });

  api.openapi(resultRoute, async (c) => {
    const task = await find(c, c.req.valid('param').id);
    const view = task
      ? viewResult(task, viewpointOf(c))
      : ({ code: 10, data: { task_status: 'ERROR' } } as const);
    return c.json(view, 200, notToKeep);
  });

  api.get('/tasks', async (c) => {
    const { status, limit, offset } = read(listQuery, c.req.query());
    const found = await findTasksAtOffset(context.db, {
      userId: c.get('user').id,
      ...(status ? tasksInState(status) : {}),
      limit: Math.min(limit, mostRows),
      offset,
    });
    const viewpoint = viewpointOf(c);
    const data = (await context.freshLinks(found)).map((task) => viewRow(task, viewpoint));
    return c.json({ success: true, data, total: data.length }, 200, notToKeep);
  });
}
