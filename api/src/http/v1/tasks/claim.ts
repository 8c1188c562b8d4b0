import { createRoute, z } from '@hono/zod-openapi';
import { createClaimPicture } from '../../../commands/claim-picture.ts';
import type { Api, RouteContext } from '../../app-env.ts';
import { etagOf } from '../../etag.ts';
import { problemsWithKey } from '../../problems/problem-schema.ts';
import { taskIdField } from '../fields.ts';
import { taskExample, taskSchema } from './task-schema.ts';
import { notToKeep, picturesFor, viewTaskAt } from './task-views.ts';

const route = createRoute({
  method: 'post',
  path: '/task/{id}/claim',
  operationId: 'claimTask',
  tags: ['Tasks'],
  summary: 'Buy the picture that came after a task had failed',
  description:
    'Midjourney may finish a picture after its task was given up or cancelled, and its token given back: the task then ' +
    'shows `late_result`. Claiming it costs one token and makes the task `succeeded`, with its picture and buttons. ' +
    'Its hook and its events report that. Repeated, the request has the same answer and costs nothing.',
  request: { params: z.object({ id: taskIdField }) },
  responses: {
    200: {
      description: 'The task, which has succeeded',
      content: { 'application/json': { schema: taskSchema, example: taskExample } },
    },
    ...problemsWithKey('invalid_request', 'not_found', 'action_unavailable', 'insufficient_tokens'),
  },
});

export function addClaim(api: Api, deps: RouteContext): void {
  const claimPicture = createClaimPicture(deps);
  api.openapi(route, async (c) => {
    const claimed = await claimPicture({ user: c.get('user'), id: c.req.valid('param').id });
    const [task = claimed] = await deps.freshLinks([claimed]);
    return c.json(await viewTaskAt(picturesFor(c, deps), deps, task), 200, {
      ...notToKeep,
      ETag: etagOf(task),
    });
  });
}
