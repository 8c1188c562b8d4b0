import type { Database } from '@midjourney-api/shared/database/connect';
import { tasks } from '@midjourney-api/shared/database/schema';
import { openStatuses } from '@midjourney-api/shared/tasks/statuses';
import { count, inArray } from 'drizzle-orm';

/** How many tasks, of all users, have not ended. */
export async function countOpenTasks(db: Database): Promise<Record<(typeof openStatuses)[number], number>> {
  const rows = await db
    .select({ status: tasks.status, count: count() })
    .from(tasks)
    .where(inArray(tasks.status, openStatuses))
    .groupBy(tasks.status);
  const of = (status: (typeof openStatuses)[number]) => rows.find((row) => row.status === status)?.count ?? 0;
  return { queued: of('queued'), submitted: of('submitted'), running: of('running') };
}
