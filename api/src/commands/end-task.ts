import { recordWrite } from '@midjourney-api/shared/audit/audit';
import type { Database } from '@midjourney-api/shared/database/connect';
import { type Queues, taskJobId } from '@midjourney-api/shared/queues/queues';
import { type Changed, changeTask } from '@midjourney-api/shared/tasks/change-task';
import { findTask } from '@midjourney-api/shared/tasks/find-tasks';
import { isOpen } from '@midjourney-api/shared/tasks/statuses';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { isTaskId } from '@midjourney-api/shared/tasks/task-id';
import type { TaskEvent } from '@midjourney-api/shared/tasks/transition';
import type { User } from '@midjourney-api/shared/users/users';
import type { Context } from 'hono';
import type { Dependencies } from '../dependencies.ts';
import type { AppEnv } from '../http/app-env.ts';
import { withTimeLimit } from '../time-limit.ts';
import { Refusal } from './refusal.ts';

/** A task of the user's own. @throws {Refusal} 404 for any other. */
export async function findOwnTask(db: Database, user: User, id: string): Promise<Task> {
  const task = isTaskId(id) ? await findTask(db, id) : undefined;
  if (task?.userId === user.id) return task;
  throw new Refusal('not_found', `You have no task ${id}.`);
}

/** A task that the user may end: one of their own, for an operator any. @throws {Refusal} 404 for any other. */
export async function findTaskToEnd(db: Database, user: User, id: string): Promise<Task> {
  const task = isTaskId(id) ? await findTask(db, id) : undefined;
  if (task && (task.userId === user.id || user.role === 'operator')) return task;
  throw new Refusal('not_found', `You have no task ${id}.`);
}

/** Ends a task, or has its worker do so. */
export type EndTask = (
  c: Context<AppEnv>,
  found: Task,
  event: Extract<TaskEvent, { type: 'cancel_requested' | 'failed' }>,
) => Promise<Changed>;

export function createEndTask(deps: Dependencies): EndTask {
  const { db, queues, changes, log, clock = () => new Date() } = deps;
  return async (c, found, event) => {
    const changed = await changeTask(deps, found.id, event, clock());
    if (!changed) return { task: found, applied: false };
    const { task, applied } = changed;
    const user = c.get('user');
    if (applied && task.userId !== user.id) {
      const action = event.type === 'failed' ? 'tasks.release' : 'tasks.cancel';
      await recordWrite(db, { actor: user.userName, action, target: task.id, requestId: c.get('requestId') });
    }
    if (applied && task.status === 'failed') {
      await removeJob(queues, task).catch((err) =>
        log.debug({ err, task: task.id }, 'the job of a task that was given up stays'),
      );
    }
    // Callers may repeat it because nothing happened: its worker hears of it again.
    if (!applied && isOpen(task)) changes.announce(task);
    return changed;
  };
}

/** What was asked of Midjourney for a task that it may have. */
export const stopRequested =
  'Midjourney is asked to stop; the task fails with "cancelled" once it has, and its token is given back.';

/** Removes the job of a task that is over. It would end by itself; without it the slot is free sooner. */
async function removeJob(queues: Pick<Queues, 'placesOf'>, task: Task): Promise<void> {
  const removing = queues.placesOf(task).map((queue) => queue.remove(taskJobId(task.id)));
  await withTimeLimit(Promise.all(removing), 1_000);
}
