import { accounts, tasks } from '@midjourney-api/shared/database/schema';
import { changeTask } from '@midjourney-api/shared/tasks/change-task';
import { openStatuses } from '@midjourney-api/shared/tasks/statuses';
import { and, eq, inArray, isNotNull, isNull, lt, or } from 'drizzle-orm';
import type { Dependencies } from '../dependencies.ts';

/** A worker that is back in time finds in the channel what became of its tasks. */
const graceMs = 60_000;

/**
 * A worker fails the tasks that take too long. While no worker has the account of such a task, this does it, and the
 * token comes back. A picture that is found later is kept as a late result.
 * @returns how many failed.
 */
export async function failUnfollowedTasks(
  deps: Pick<Dependencies, 'config' | 'db' | 'changes' | 'queues' | 'taskEnded' | 'log'>,
  now: Date,
): Promise<number> {
  const { config, db, log } = deps;
  const overdue = new Date(now.getTime() - config.TASK_DEADLINE_MS - graceMs);
  const unfollowed = await db
    .select({ id: tasks.id, account: tasks.account })
    .from(tasks)
    .leftJoin(accounts, eq(accounts.name, tasks.account))
    .where(
      and(
        inArray(tasks.status, openStatuses),
        isNotNull(tasks.nonce),
        lt(tasks.sentAt, overdue),
        or(isNull(accounts.leaseUntil), lt(accounts.leaseUntil, now)),
      ),
    )
    .orderBy(tasks.id)
    .limit(1_000);

  let failed = 0;
  for (const { id, account } of unfollowed) {
    const reason = 'The service could not see what became of this in time.';
    const detail = `No worker has the account "${account}", on which this is being drawn.`;
    const changed = await changeTask(deps, id, { type: 'failed', code: 'timeout', reason, detail }, now);
    if (changed?.applied) failed += 1;
  }
  if (failed > 0) log.warn({ count: failed }, 'tasks failed that no worker followed to their end');
  return failed;
}
