import { isOpen } from '@midjourney-api/shared/tasks/statuses';
import type { Button, Task } from '@midjourney-api/shared/tasks/task';
import type { Context } from 'hono';
import { findEarlierPick } from '../../../commands/follow-ups/earlier-pick.ts';
import type { FinishedParent } from '../../../commands/follow-ups/parent.ts';
import type { TaskRequest } from '../../../commands/requests/task-request.ts';
import type { AppEnv } from '../../app-env.ts';
import { mjJson } from '../answer.ts';
import type { MjContext } from '../mj-route.ts';
import type { MjSubmitBody } from './submit-fields.ts';
import { submitMj, succeeded } from './submit-route.ts';

/**
 * Submits the press of a button, and answers with its task; with the earlier one where the same picture was picked
 * before. @throws {Refusal}
 */
export async function submitPress(
  c: Context<AppEnv>,
  context: MjContext,
  body: MjSubmitBody,
  { parent, button }: { parent: FinishedParent; button: Button },
  request: () => Promise<TaskRequest>,
): Promise<Response> {
  const earlier = await findEarlierPick(context.db, parent, button);
  if (!earlier || !learnsOf(earlier, body)) return submitMj(c, context, body, request);
  c.set('task', earlier.id);
  return mjJson(c, succeeded(earlier.id, 'This picture was picked before.'));
}

/** Whether the client can learn how that task ends: one that relies on its hook is not notified again. */
function learnsOf(task: Task, { notifyHook }: MjSubmitBody): boolean {
  return notifyHook === undefined || (isOpen(task) && task.notifyHook === notifyHook);
}
