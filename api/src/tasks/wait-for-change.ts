import type { Database } from '@midjourney-api/shared/database/connect';
import { findTask } from '@midjourney-api/shared/tasks/find-tasks';
import { isOpen, type Task } from '@midjourney-api/shared/tasks/task';
import type { TaskChanges } from '@midjourney-api/shared/tasks/task-changes';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';

interface Patience {
  /** The longest time to wait, in milliseconds. */
  ms: number;
  /** Whether a task as it is now is worth waiting for to change. */
  waitsFor: (task: Task) => boolean;
  /** Ends the wait: the client has gone, or the process is about to. */
  signals: AbortSignal[];
}

/**
 * Reads a task, and if it is open and `waitsFor` it, reads it again once it changed or the patience is over.
 * Listens before it reads, so that no change can fall between the two.
 */
export async function findTaskAfterChange(
  { db, changes }: { db: Database; changes: Pick<TaskChanges, 'listen'> },
  id: TaskId,
  { ms, waitsFor, signals }: Patience,
): Promise<Task | undefined> {
  let newest = 0;
  let wake = () => {};
  const stopListening = changes.listen(id, ({ version }) => {
    newest = Math.max(newest, version);
    wake();
  });
  try {
    const task = await findTask(db, id);
    if (!task || !isOpen(task) || !waitsFor(task)) return task;
    if (newest <= task.version) {
      await new Promise<void>((resolve) => {
        const end = () => {
          clearTimeout(timer);
          for (const signal of signals) signal.removeEventListener('abort', end);
          resolve();
        };
        const timer = setTimeout(end, ms);
        for (const signal of signals) signal.addEventListener('abort', end);
        wake = () => {
          if (newest > task.version) end();
        };
        if (signals.some((signal) => signal.aborted)) end();
      });
    }
    return await findTask(db, id);
  } finally {
    stopListening();
  }
}
