import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../database/connect.ts';
import { tasks } from '../database/schema.ts';
import type { Task } from './task.ts';

/**
 * Replaces Discord's expired link to the task's picture, unless the task has changed. The task gets a new version, because
 * its view changes. Its hook gets no notice: links are renewed only for clients that read the task.
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
