import type { Database } from '@midjourney-api/shared/database/connect';
import { type Queues, taskJobId } from '@midjourney-api/shared/queues/queues';
import { findTask } from '@midjourney-api/shared/tasks/find-tasks';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { isTaskId } from '@midjourney-api/shared/tasks/task-id';
import type { User } from '@midjourney-api/shared/users/users';
import { Problem } from '../problems/problem.ts';
import { withTimeLimit } from '../time-limit.ts';

/** A task that the user may end: one of their own, for an operator any. @throws {Problem} 404 for any other. */
export async function findTaskToEnd(db: Database, user: User, id: string): Promise<Task> {
  const task = isTaskId(id) ? await findTask(db, id) : undefined;
  if (task && (task.userId === user.id || user.role === 'operator')) return task;
  throw new Problem('not_found', `You have no task ${id}.`);
}

/** Takes the job of a task that is over away. It would end by itself; without it the slot is free sooner. */
export async function removeJob(queues: Pick<Queues, 'placesOf'>, task: Task): Promise<void> {
  const removing = queues.placesOf(task).map((queue) => queue.remove(taskJobId(task.id)));
  await withTimeLimit(Promise.all(removing), 1_000);
}
