import { createRoute, z } from '@hono/zod-openapi';
import { taskSchema as wholeTask } from '@midjourney-api/shared/tasks/views/task-schema';
import { findVisibleTask } from '../../../queries/access.ts';
import { findRelatives, mostRelatives } from '../../../queries/relatives.ts';
import type { Api, RouteContext } from '../../app-env.ts';
import { problemsWithKey } from '../../problems/problem-schema.ts';
import { exampleTaskId, taskIdField } from '../fields.ts';
import { notToKeep, viewTasksFor } from './task-views.ts';

const relativeSchema = wholeTask
  .pick({
    trigger_id: true,
    trigger_type: true,
    button: true,
    status: true,
    progress: true,
    prompt: true,
    index: true,
    parent_trigger_id: true,
    image_url: true,
    media_type: true,
    width: true,
    height: true,
    created_at: true,
    finished_at: true,
  })
  .openapi('Relative');

const route = createRoute({
  method: 'get',
  path: '/task/{id}/relatives',
  operationId: 'getRelatives',
  tags: ['Tasks'],
  summary: 'The tasks that a task comes from, and those that continue it or its parent',
  description: `At most ${mostRelatives} of each kind. Each has fewer fields than \`GET /task/{id}\` shows.`,
  request: { params: z.object({ id: taskIdField }) },
  responses: {
    200: {
      description: 'Its relatives, all of the same owner',
      content: {
        'application/json': {
          schema: z
            .object({
              ancestors: z
                .array(relativeSchema)
                .describe('its parent first, then the parent of that one, and so on'),
              children: z.array(relativeSchema).describe('tasks that continue its picture, newest first'),
              siblings: z
                .array(relativeSchema)
                .describe('other tasks that continue the picture of its parent, newest first'),
            })
            .openapi('Relatives'),
          example: {
            ancestors: [
              {
                trigger_id: exampleTaskId,
                trigger_type: 'generate' as const,
                status: 'succeeded' as const,
                progress: 100,
                prompt: 'a beautiful sunset over the sea --ar 3:2',
                created_at: '2026-01-01T12:00:00.000Z',
                finished_at: '2026-01-01T12:00:41.903Z',
              },
            ],
            children: [],
            siblings: [],
          },
        },
      },
    },
    ...problemsWithKey('invalid_request', 'not_found'),
  },
});

export function addRelatives(api: Api, deps: RouteContext): void {
  const { db, freshLinks } = deps;
  api.openapi(route, async (c) => {
    const task = await findVisibleTask(db, c.get('user'), c.req.valid('param').id);
    const { ancestors, children, siblings } = await findRelatives(db, task);
    const view = async (found: typeof ancestors) =>
      z.array(relativeSchema).parse(await viewTasksFor(c, deps, await freshLinks(found)));
    const relatives = {
      ancestors: await view(ancestors),
      children: await view(children),
      siblings: await view(siblings),
    };
    return c.json(relatives, 200, notToKeep);
  });
}
