import { inRounds } from '@midjourney-api/shared/concurrency/in-rounds';
import type { Database } from '@midjourney-api/shared/database/connect';
import { tasks } from '@midjourney-api/shared/database/schema';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import { type ShownTask, shownColumns } from '@midjourney-api/shared/tasks/find-tasks';
import { isOpen } from '@midjourney-api/shared/tasks/statuses';
import type { TaskChanges } from '@midjourney-api/shared/tasks/task-changes';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { inArray } from 'drizzle-orm';

/** The tasks that clients of this process wait for: thousands of clients cost MySQL no more than a few. */
export interface WatchedTasks {
  /** The task as it is now. */
  read(id: TaskId): Promise<ShownTask | undefined>;
  /** As much of it as is needed to say whether a client's version of it is the present one. */
  readVersion(id: TaskId): Promise<TaskVersion | undefined>;
  /**
   * The task as it is now, then as it is after each change, until it has ended or the signal is aborted. A slow
   * reader misses states in between, never the last one. Yields nothing when there is no such task.
   * @throws when MySQL cannot be reached at first; later it waits until it is back.
   */
  states(id: TaskId, over: AbortSignal): AsyncGenerator<ShownTask, void, void>;
}

type TaskVersion = Pick<ShownTask, 'id' | 'userId' | 'version' | 'status' | 'imageFile'>;

export interface WatchedTasksOptions {
  db: Database;
  changes: Pick<TaskChanges, 'listen'>;
  log: Logger;
  /** How long a change that Redis did not announce goes unnoticed, in milliseconds. */
  lookEveryMs?: number;
}

/** Called with the version that the task has now; versions that are known already may come again. */
type Listener = (version: number) => void;

export function createWatchedTasks({
  db,
  changes,
  log,
  lookEveryMs = 3_000,
}: WatchedTasksOptions): WatchedTasks {
  const read = readInRounds((ids) => db.select(shownColumns).from(tasks).where(inArray(tasks.id, ids)));
  const { id, userId, version, status, imageFile } = shownColumns;
  const readVersion = readInRounds((ids) =>
    db.select({ id, userId, version, status, imageFile }).from(tasks).where(inArray(tasks.id, ids)),
  );
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
    readVersion,
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
          const seen: ShownTask = task;
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

/** Reads that come together share a query, however many they are and for whomever. */
function readInRounds<Row extends { id: TaskId }>(
  find: (ids: TaskId[]) => Promise<Row[]>,
): (id: TaskId) => Promise<Row | undefined> {
  return inRounds(async (ids: TaskId[]) => {
    const found = new Map((await find([...new Set(ids)])).map((row) => [row.id, row]));
    return ids.map((id) => found.get(id));
  });
}
