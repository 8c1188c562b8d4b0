import { tasks } from '@midjourney-api/shared/database/schema';
import type { User } from '@midjourney-api/shared/users/users';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Dependencies } from '../dependencies.ts';
import { createEndTask } from './end-task.ts';

const stuckMs = 5 * 60 * 1_000;

/**
 * Gives up the user's own tasks that Midjourney has had for five minutes, or has drawn for as long without progress.
 * @returns how many.
 */
export type EndStuckTasks = (order: { user: User; requestId: string }) => Promise<number>;

export function createEndStuckTasks(deps: Dependencies): EndStuckTasks {
  const endTask = createEndTask(deps);
  return async ({ user, requestId }) => {
    const before = new Date(deps.clock().getTime() - stuckMs);
    const stuck = await deps.db
      .select({ id: tasks.id })
      .from(tasks)
      .where(
        and(
          eq(tasks.userId, user.id),
          inArray(tasks.status, ['submitted', 'running']),
          sql`coalesce(${tasks.progressedAt}, ${tasks.startedAt}, ${tasks.submittedAt}) <= ${sql.param(before, tasks.progressedAt)}`,
        ),
      );
    for (const { id } of stuck) await endTask({ user, requestId, id, code: 'released' });
    return stuck.length;
  };
}
