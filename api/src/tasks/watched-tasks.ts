import type { Database } from '@midjourney-api/shared/database/connect';
import { tasks } from '@midjourney-api/shared/database/schema';
import type { Logger } from '@midjourney-api/shared/logger';
import { isOpen, type Task } from '@midjourney-api/shared/tasks/task';
import type { TaskChanges } from '@midjourney-api/shared/tasks/task-changes';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { inArray } from 'drizzle-orm';

/** What clients wait for in this process: thousands of them cost MySQL no more than a few. */
export interface WatchedTasks {
  /** The task as it is now. Reads that come while MySQL is busy with the one before share a query. */
  read(id: TaskId): Promise<Task | undefined>;
  /**
   * The task as it is now, then as it is after each change, until it has ended or the signal is aborted. A slow
   * reader misses states in between, never the last one. Yields nothing when there is no such task.
   * @throws when MySQL cannot be reached at first; later it waits until it is back.
   */
  states(id: TaskId, over: AbortSignal): AsyncGenerator<Task, void, void>;
}

export interface WatchedTasksOptions {
  db: Database;
  changes: Pick<TaskChanges, 'listen'>;
  log: Logger;
  /** How long a change that Redis did not tell of goes unnoticed, in milliseconds. */
  lookEveryMs?: number;
}

/** Called with the version that the task has now; versions that are known already may come again. */
type Listener = (version: number) => void;

/** One query should neither hold up the process nor MySQL. */
const mostAtOnce = 200;

export function createWatchedTasks({
  db,
  changes,
  log,
  lookEveryMs = 3_000,
}: WatchedTasksOptions): WatchedTasks {
  const read = createTaskReader(db);
  const listeners = new Map<TaskId, Set<Listener>>();
  let looking: NodeJS.Timeout | undefined;
  let busy = false;

  /** Redis may lose a message: one query looks whether any of the watched tasks has changed. */
  const look = async () => {
    if (busy) return;
    busy = true;
    try {
      const versions = await db
        .select({ id: tasks.id, version: tasks.version })
        .from(tasks)
        .where(inArray(tasks.id, [...listeners.keys()]));
      for (const { id, version } of versions) {
        for (const listener of listeners.get(id) ?? []) listener(version);
      }
    } catch (err) {
      log.debug({ err }, 'watched tasks: mysql is away');
    } finally {
      busy = false;
    }
  };

  const watch = (id: TaskId, listener: Listener): (() => void) => {
    const set = listeners.get(id) ?? new Set();
    listeners.set(id, set.add(listener));
    looking ??= setInterval(look, lookEveryMs);
    const stopListening = changes.listen(id, ({ version }) => listener(version));
    return () => {
      stopListening();
      set.delete(listener);
      if (set.size === 0 && listeners.get(id) === set) listeners.delete(id);
      if (listeners.size > 0) return;
      clearInterval(looking);
      looking = undefined;
    };
  };

  return {
    read,
    async *states(id, over) {
      let shown = 0;
      let changed = false;
      let wake = () => {};
      // Before the first look, so that no change can fall between the two.
      const stopWatching = watch(id, (version) => {
        if (version <= shown) return;
        changed = true;
        wake();
      });
      const end = () => wake();
      over.addEventListener('abort', end);
      try {
        let task = await read(id);
        for (;;) {
          if (!task) return;
          if (task.version > shown) {
            shown = task.version;
            yield task;
          }
          if (!isOpen(task)) return;
          while (!changed && !over.aborted) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
          if (over.aborted) return;
          changed = false;
          const seen: Task = task;
          // While MySQL is away nothing changes; the next look finds what does then.
          task = await read(id).catch((err) => {
            log.debug({ err, task: id }, 'watched task not read');
            return seen;
          });
        }
      } finally {
        over.removeEventListener('abort', end);
        stopWatching();
      }
    },
  };
}

/** Reads tasks by one query at a time; what is asked for meanwhile goes into the next one. */
function createTaskReader(db: Database): (id: TaskId) => Promise<Task | undefined> {
  interface Batch {
    ids: Set<TaskId>;
    rows: Promise<Map<TaskId, Task>>;
  }
  let open: Batch | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const openBatch = (): Batch => {
    const ids = new Set<TaskId>();
    const rows = last.then(async () => {
      // A read must see everything that was committed before it was asked for.
      if (open === batch) open = undefined;
      const found = await db
        .select()
        .from(tasks)
        .where(inArray(tasks.id, [...ids]));
      return new Map(found.map((task) => [task.id, task]));
    });
    const batch = { ids, rows };
    last = rows.catch(() => {});
    return batch;
  };

  return async (id) => {
    if (!open || open.ids.size >= mostAtOnce) open = openBatch();
    open.ids.add(id);
    return (await open.rows).get(id);
  };
}
