import { z } from '@hono/zod-openapi';
import { isOpen } from '@midjourney-api/shared/tasks/statuses';
import { isTaskId } from '@midjourney-api/shared/tasks/task-id';
import { cancelWindow } from '@midjourney-api/shared/tasks/windows';
import { createEndTask } from '../../../commands/end-task.ts';
import { Refusal } from '../../../commands/refusal.ts';
import { findOwnTask } from '../../../queries/access.ts';
import { taskIdField } from '../../v1/fields.ts';
import { envelopeSchema, mjJson } from '../answer.ts';
import { type AddMjRoute, mjPost } from '../mj-route.ts';
import { envelopeExample, succeeded } from '../submit/submit-route.ts';

/** Closes a window, or stops a task: one that waits at once, one that is drawn as soon as Midjourney has stopped it. */
export const addMjCancel: AddMjRoute = (api, context) => {
  const { db, clock } = context;
  const endTask = createEndTask(context);
  mjPost({
    path: '/task/{id}/cancel',
    operationId: 'mjCancel',
    summary: 'Stop a task',
    description:
      'It fails with "cancelled", and its token is given back, unless its picture is faster. Costs no token.',
    params: z.object({ id: taskIdField }),
    schema: z.object({}),
    example: {},
    answer: { schema: envelopeSchema, example: { ...envelopeExample, description: 'Cancelled.' } },
    handle: async (c) => {
      const asked = c.req.param('id') ?? '';
      if (isTaskId(asked) && (await cancelWindow(db, c.get('user').id, asked, clock())))
        return mjJson(c, succeeded(asked, 'Cancelled.'));
      const { id, status } = await findOwnTask(db, c.get('user'), asked);
      c.set('task', id);
      if (!isOpen({ status })) throw alreadyOver(id, status);
      const { task } = await endTask({
        user: c.get('user'),
        requestId: c.get('requestId'),
        id,
        code: 'cancelled',
      });
      if (!isOpen(task) && task.failCode !== 'cancelled') throw alreadyOver(id, task.status);
      const description = isOpen(task) ? 'Midjourney is asked to stop it.' : 'Cancelled.';
      return mjJson(c, succeeded(id, description));
    },
  })(api, context);
};

function alreadyOver(id: string, status: string): Refusal {
  return new Refusal('action_unavailable', `Task ${id} has ${status} already; there is nothing to cancel.`, {
    available: [],
  });
}
