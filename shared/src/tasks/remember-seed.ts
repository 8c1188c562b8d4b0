import { eq, sql } from 'drizzle-orm';
import type { Database } from '../database/connect.ts';
import { tasks } from '../database/schema.ts';
import type { Task } from './task.ts';

/**
 * Stores the seed of a task's picture. The task gets a new version, because its view changes; its hook gets no notice.
 */
export async function rememberSeed(
  db: Database,
  { id, prompt, drawn }: Pick<Task, 'id' | 'prompt' | 'drawn'>,
  seed: number,
): Promise<void> {
  await db
    .update(tasks)
    .set({ drawn: { ...(drawn ?? { prompt }), seed }, version: sql`${tasks.version} + 1` })
    .where(eq(tasks.id, id));
}
