import { changeTask } from '@midjourney-api/shared/tasks/change-task';
import { isOpen } from '@midjourney-api/shared/tasks/statuses';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { InsufficientTokens } from '@midjourney-api/shared/tokens/ledger';
import type { User } from '@midjourney-api/shared/users/users';
import type { Dependencies } from '../dependencies.ts';
import { picturesAt } from '../pictures/pictures-at.ts';
import { findOwnTask } from '../queries/access.ts';
import { noTokenLeft, Refusal } from './refusal.ts';

/**
 * Buys the picture that came after the user's task had failed. Repeated, it costs nothing.
 * @returns the task, which has succeeded.
 * @throws {Refusal} not_found; action_unavailable when there is no such picture; insufficient_tokens.
 */
export type ClaimPicture = (order: { user: User; id: string }) => Promise<Task>;

export function createClaimPicture(deps: Dependencies): ClaimPicture {
  const { config, db, log, clock } = deps;
  const context = { ...deps, picturesAt: picturesAt(config) };
  return async ({ user, id }) => {
    const found = await findOwnTask(db, user, id);
    const changed = await changeTask(context, found.id, { type: 'claimed' }, clock()).catch((error) => {
      throw error instanceof InsufficientTokens ? noTokenLeft(user) : error;
    });
    const { task, applied } = changed ?? { task: found, applied: false };
    if (applied) log.info({ task: task.id, user: user.userName }, 'late picture claimed, one token spent');
    // Another request may have claimed it.
    if (task.status !== 'succeeded' || task.lateResult === null) throw nothingToClaim(task);
    return task;
  };
}

function nothingToClaim(task: Task): Refusal {
  return new Refusal(
    'action_unavailable',
    `${whyNot(task)} There is nothing to claim, and nothing was charged.`,
  );
}

function whyNot({ id, status }: Task): string {
  if (isOpen({ status }))
    return `Task ${id} is ${status}; only a picture that comes after its end can be claimed.`;
  if (status === 'succeeded') return `Task ${id} has succeeded and its picture is paid for.`;
  return `No picture has come since task ${id} failed.`;
}
