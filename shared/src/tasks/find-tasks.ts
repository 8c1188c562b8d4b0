import { and, eq, inArray, isNotNull } from 'drizzle-orm';
import type { Database } from '../database/connect.ts';
import { tasks } from '../database/schema.ts';
import type { Task } from './task.ts';
import type { TaskId } from './task-id.ts';

export async function findTask(db: Database, id: TaskId): Promise<Task | undefined> {
  const [task] = await db.select().from(tasks).where(eq(tasks.id, id));
  return task;
}

/** Open tasks that this account has sent, or was about to send: they may be at Midjourney. */
export async function findSentTasks(db: Database, account: string): Promise<Task[]> {
  return db
    .select()
    .from(tasks)
    .where(
      and(
        inArray(tasks.status, ['queued', 'submitted', 'running']),
        eq(tasks.account, account),
        isNotNull(tasks.nonce),
      ),
    )
    .orderBy(tasks.id);
}
