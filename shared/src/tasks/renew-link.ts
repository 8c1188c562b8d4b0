import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../database/connect.ts';
import { tasks } from '../database/schema.ts';
import type { Task } from './task.ts';

/**
 * Replaces Discord's link to the task's picture by one that works again, unless the task changed meanwhile. The task
 * gets another version, since it reads differently now. Its hook gets no notice: a link is renewed only for those who
 * read the task.
 */
export async function renewLink(
  db: Database,
  { id, version, imageUrl, lateResult }: Pick<Task, 'id' | 'version' | 'imageUrl' | 'lateResult'>,
  link: string,
): Promise<void> {
  const change =
    imageUrl === null ? lateResult && { lateResult: { ...lateResult, imageUrl: link } } : { imageUrl: link };
  if (!change) return;
  await db
    .update(tasks)
    .set({ ...change, version: sql`${tasks.version} + 1` })
    .where(and(eq(tasks.id, id), eq(tasks.version, version)));
}
