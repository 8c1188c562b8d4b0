import type { Database } from '@midjourney-api/shared/database/connect';
import { tasks } from '@midjourney-api/shared/database/schema';
import { pictureLink } from '@midjourney-api/shared/tasks/picture';
import { renewLink } from '@midjourney-api/shared/tasks/renew-link';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { inArray } from 'drizzle-orm';
import type { DiscordRest } from '../discord/rest/discord-rest.ts';

/**
 * Renews Discord's links to these tasks' pictures, and stores the new ones.
 * @returns how many it renewed.
 * @throws when that was none.
 */
export async function refreshLinks(
  db: Database,
  rest: Pick<DiscordRest, 'refreshLinks'>,
  taskIds: TaskId[],
): Promise<number> {
  const found = await db.select().from(tasks).where(inArray(tasks.id, taskIds));
  const links = found.map(pictureLink).filter((link) => link !== null);
  const refreshed = await rest.refreshLinks(links);
  let renewed = 0;
  for (const task of found) {
    const link = refreshed.get(pictureLink(task) ?? '');
    if (link === undefined) continue;
    await renewLink(db, task, link);
    renewed += 1;
  }
  if (renewed === 0) throw new Error('Discord renewed none of the links.');
  return renewed;
}
