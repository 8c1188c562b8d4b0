import { recordWrite } from '@midjourney-api/shared/audit/audit';
import { type Changed, changeTask } from '@midjourney-api/shared/tasks/change-task';
import { isOpen } from '@midjourney-api/shared/tasks/statuses';
import type { TaskEvent } from '@midjourney-api/shared/tasks/transition';
import type { User } from '@midjourney-api/shared/users/users';
import type { Dependencies } from '../dependencies.ts';
import { findVisibleTask } from '../queries/access.ts';
import { withTimeLimit } from '../time-limit.ts';

/** What the task fails with. An operator's release ends it at once, even while Midjourney draws it. */
export type EndCode = 'cancelled' | 'released';

/**
 * Ends a task. One that was sent stays open until its worker has cancelled it at Midjourney.
 * @throws {Refusal} not_found, for a task that the user may not end.
 */
export type EndTask = (order: {
  user: User;
  requestId: string;
  id: string;
  code: EndCode;
}) => Promise<Changed>;

export function createEndTask(deps: Dependencies): EndTask {
  const { db, queues, changes, log, clock } = deps;
  return async ({ user, requestId, id, code }) => {
    const found = await findVisibleTask(db, user, id);
    const changed = await changeTask(deps, found.id, endingBy(user, code), clock());
    if (!changed) return { task: found, applied: false };
    const { task, applied } = changed;
    if (applied && task.userId !== user.id) {
      const action = code === 'released' ? 'tasks.release' : 'tasks.cancel';
      await recordWrite(db, { actor: user.userName, action, target: task.id, requestId });
    }
    if (applied && task.status === 'failed') {
      // The job would end by itself; removing it frees its slot sooner.
      await withTimeLimit(queues.removeTask(task), 1_000).catch((err) =>
        log.debug({ err, task: task.id }, 'the job of a task that has ended was not removed'),
      );
    }
    // Callers may repeat this because nothing has happened yet: the worker is notified again.
    if (!applied && isOpen(task)) changes.announce(task);
    return changed;
  };
}

/** What an owner releases is cancelled at Midjourney: it might be drawn otherwise, and the picture would be free. */
function endingBy({ role }: User, code: EndCode): TaskEvent {
  if (code === 'released' && role === 'operator')
    return { type: 'failed', code, reason: 'Released by an operator.' };
  return { type: 'cancel_requested', code };
}
