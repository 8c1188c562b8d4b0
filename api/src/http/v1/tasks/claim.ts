import { createRoute, z } from '@hono/zod-openapi';
import { changeTask } from '@midjourney-api/shared/tasks/change-task';
import { isOpen } from '@midjourney-api/shared/tasks/statuses';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { viewTask } from '@midjourney-api/shared/tasks/views/task-view';
import { InsufficientTokens } from '@midjourney-api/shared/tokens/ledger';
import { findOwnTask } from '../../../commands/end-task.ts';
import { noTokenLeft, Refusal } from '../../../commands/refusal.ts';
import type { Dependencies } from '../../../dependencies.ts';
import { imagesAtFor, imagesAtForHooks } from '../../../pictures/pictures-at.ts';
import type { FreshLinks } from '../../../queries/fresh-links.ts';
import type { Api } from '../../app-env.ts';
import { etagOf } from '../../etag.ts';
import { problemResponses } from '../../problems/problem-schema.ts';
import { taskIdField } from '../fields.ts';
import { taskExample, taskSchema } from './task-schema.ts';

const route = createRoute({
  method: 'post',
  path: '/task/{id}/claim',
  tags: ['Tasks'],
  summary: 'Buy the picture that came after a task had failed',
  description:
    'Midjourney may finish a picture after its task was given up or cancelled, and its token given back: the task then ' +
    'shows `late_result`. Claiming it costs one token and makes the task `succeeded`, with its picture and buttons. ' +
    'Its hook and its events are sent that. Repeated, it is answered the same and charged nothing.',
  request: { params: z.object({ id: taskIdField }) },
  responses: {
    200: {
      description: 'The task, which has succeeded',
      content: { 'application/json': { schema: taskSchema, example: taskExample } },
    },
    ...problemResponses(
      'invalid_request',
      'auth_failed',
      'not_found',
      'action_unavailable',
      'insufficient_tokens',
      'unavailable',
      'internal',
    ),
  },
});

export function addClaim(api: Api, deps: Dependencies, freshLinks: FreshLinks): void {
  const { config, db, log, clock = () => new Date() } = deps;
  const context = { ...deps, imagesAt: imagesAtForHooks(config) };
  api.openapi(route, async (c) => {
    const user = c.get('user');
    const found = await findOwnTask(db, user, c.req.valid('param').id);
    const changed = await changeTask(context, found.id, { type: 'claimed' }, clock()).catch((error) => {
      throw error instanceof InsufficientTokens ? noTokenLeft(user) : error;
    });
    const { task, applied } = changed ?? { task: found, applied: false };
    if (applied) log.info({ task: task.id, user: user.userName }, 'late picture claimed, one token spent');
    // Another request may have claimed it.
    if (task.status !== 'succeeded' || task.lateResult === null) throw nothingToClaim(task);
    const [shown = task] = await freshLinks([task]);
    const headers = { 'Cache-Control': 'private, no-store', ETag: etagOf(shown) };
    return c.json(viewTask(shown, imagesAtFor(c, config)), 200, headers);
  });
}

function nothingToClaim(task: Task): Refusal {
  return new Refusal(
    'action_unavailable',
    `${whyNot(task)} There is nothing to claim, and nothing was charged.`,
  );
}

function whyNot({ id, status }: Task): string {
  if (isOpen({ status }))
    return `Task ${id} is ${status}; only a picture that comes after its end is claimed.`;
  if (status === 'succeeded') return `Task ${id} has succeeded and its picture is paid for.`;
  return `No picture has come since task ${id} failed.`;
}
