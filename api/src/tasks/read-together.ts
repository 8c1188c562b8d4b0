import type { TaskId } from '@midjourney-api/shared/tasks/task-id';

/** One query should neither hold up the process nor MySQL. */
const mostAtOnce = 200;

/**
 * Reads rows by their task's id with one query at a time; what is asked for meanwhile goes into the next one. So
 * however many ask, MySQL is asked as often as it can answer, and each read still sees everything that was
 * committed before it was asked for.
 */
export function readTogether<Row extends { id: TaskId }>(
  find: (ids: TaskId[]) => Promise<Row[]>,
): (id: TaskId) => Promise<Row | undefined> {
  interface Batch {
    ids: Set<TaskId>;
    rows: Promise<Map<TaskId, Row>>;
  }
  let open: Batch | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const openBatch = (): Batch => {
    const ids = new Set<TaskId>();
    const rows = last.then(async () => {
      // Who asks from now on may ask for what is committed after this query's look.
      if (open === batch) open = undefined;
      const found = await find([...ids]);
      return new Map(found.map((row) => [row.id, row]));
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
