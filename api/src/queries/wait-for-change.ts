import type { ShownTask } from '@midjourney-api/shared/tasks/find-tasks';
import { isOpen } from '@midjourney-api/shared/tasks/statuses';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { waitOver } from './wait-over.ts';
import type { WatchedTasks } from './watched-tasks.ts';

interface Patience {
  /** The longest time to wait, in milliseconds. */
  ms: number;
  /** Whether a task as it is now is worth waiting for to change. */
  waitsFor: (task: ShownTask) => boolean;
  /** Ends the wait: the client has gone, or the process is about to. */
  signals: AbortSignal[];
}

/** The task as it is now; if it is open and `waitsFor` it, as it is once it changed or the patience is over. */
export async function findTaskAfterChange(
  watched: WatchedTasks,
  id: TaskId,
  { ms, waitsFor, signals }: Patience,
): Promise<ShownTask | undefined> {
  const over = waitOver(signals, ms);
  let first: ShownTask | undefined;
  try {
    for await (const task of watched.states(id, over.signal)) {
      if (first || !waitsFor(task)) return task;
      first = task;
    }
  } finally {
    over.end();
  }
  return first && isOpen(first) ? watched.read(id) : first;
}
