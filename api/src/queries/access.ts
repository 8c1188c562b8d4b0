import type { Database } from '@midjourney-api/shared/database/connect';
import { findTask } from '@midjourney-api/shared/tasks/find-tasks';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { isTaskId } from '@midjourney-api/shared/tasks/task-id';
import { getUser, type User, UserError } from '@midjourney-api/shared/users/users';
import { Refusal } from '../commands/refusal.ts';

/** What a caller may see and change: their own things, and operators everybody's. */

/** @throws {Refusal} forbidden, for anybody but an operator. */
export function requireOperator({ role }: Pick<User, 'role'>): void {
  if (role !== 'operator') throw new Refusal('forbidden', 'This is for operators only.');
}

/** Whether the caller may see, and end, the task. */
export function maySee({ id, role }: User, { userId }: Pick<Task, 'userId'>): boolean {
  return userId === id || role === 'operator';
}

/** The same for a task of another user's as for one that does not exist. */
export function noSuchTask(id: string): Refusal {
  return new Refusal('not_found', `You have no task ${id}.`);
}

/** @throws {Refusal} not_found, for a task that is not the user's own. */
export async function findOwnTask(db: Database, user: User, id: string): Promise<Task> {
  const task = isTaskId(id) ? await findTask(db, id) : undefined;
  if (task?.userId !== user.id) throw noSuchTask(id);
  return task;
}

/** @throws {Refusal} not_found, for a task that the user may not see. */
export async function findVisibleTask(db: Database, user: User, id: string): Promise<Task> {
  const task = isTaskId(id) ? await findTask(db, id) : undefined;
  if (!task || !maySee(user, task)) throw noSuchTask(id);
  return task;
}

/**
 * Which user's things to show: the caller's own; to an operator those of the user that they name, or everybody's.
 * @returns undefined for everybody's.
 * @throws {Refusal} forbidden for another user's, not_found when there is no such user.
 */
export async function userToShow(
  db: Database,
  caller: User,
  userName: string | undefined,
): Promise<number | undefined> {
  if (caller.role !== 'operator') {
    if (userName !== undefined && userName !== caller.userName) requireOperator(caller);
    return caller.id;
  }
  if (userName === undefined) return undefined;
  const user = await getUser(db, userName).catch((error) => {
    if (error instanceof UserError) throw new Refusal('not_found', error.message);
    throw error;
  });
  return user.id;
}
