import { recordWrite } from '@midjourney-api/shared/audit/audit';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { Queues } from '@midjourney-api/shared/queues/queues';
import { changeTask } from '@midjourney-api/shared/tasks/change-task';
import { findOpenTasksOfUser } from '@midjourney-api/shared/tasks/find-tasks';
import type { TaskStatus } from '@midjourney-api/shared/tasks/statuses';
import type { TaskChanges } from '@midjourney-api/shared/tasks/task-changes';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';

/** How workers learn of a change. */
export interface Schedule {
  queues: Pick<Queues, 'addNotice' | 'removeTask'>;
  changes: Pick<TaskChanges, 'announce'>;
}

interface Released {
  trigger_id: TaskId;
  /** The status after the release. */
  status: TaskStatus | 'unknown';
  released: boolean;
}

/** @param queued only those that no worker was about to send. */
export async function findOpenTasks(
  db: Database,
  userId: number,
  { queued }: { queued: boolean },
): Promise<TaskId[]> {
  const open = await findOpenTasksOfUser(db, userId);
  return open.filter(({ nonce }) => !queued || nonce === null).map(({ id }) => id);
}

/** Releases anybody's tasks; each release is audited. */
export async function releaseTasks(
  db: Database,
  { queues, changes }: Schedule,
  ids: TaskId[],
  actor: string,
): Promise<Released[]> {
  const outcomes: Released[] = [];
  // The command itself prints the outcome of each.
  const context = { db, queues, changes, taskEnded: () => {} };
  const event = { type: 'failed' as const, code: 'released' as const, reason: 'Released by an operator.' };
  for (const id of ids) {
    const changed = await changeTask(context, id, event);
    if (changed?.applied) {
      await recordWrite(db, { actor, action: 'tasks.release', target: id });
      // If this fails, the job ends by itself when a worker takes it.
      await queues.removeTask(changed.task).catch(() => {});
    }
    outcomes.push({
      trigger_id: id,
      status: changed?.task.status ?? 'unknown',
      released: changed?.applied ?? false,
    });
  }
  return outcomes;
}
