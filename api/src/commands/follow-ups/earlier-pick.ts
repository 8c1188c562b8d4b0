import type { Database } from '@midjourney-api/shared/database/connect';
import { tasks } from '@midjourney-api/shared/database/schema';
import { parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import { openStatuses } from '@midjourney-api/shared/tasks/statuses';
import type { Button, Task } from '@midjourney-api/shared/tasks/task';
import { and, desc, eq, inArray } from 'drizzle-orm';
import type { FinishedParent } from './parent.ts';

/**
 * The user's newest task that picked the same picture of the grid and has not failed: another one would cost a token
 * for the very same picture.
 */
export async function findEarlierPick(
  db: Database,
  { task: parent }: FinishedParent,
  { custom_id }: Button,
): Promise<Task | undefined> {
  const { kind } = parseCustomId(custom_id);
  if (kind !== 'pick' && kind !== 'pick_video') return undefined;
  const siblings = await db
    .select()
    .from(tasks)
    .where(
      and(
        eq(tasks.parentId, parent.id),
        eq(tasks.userId, parent.userId),
        inArray(tasks.status, [...openStatuses, 'succeeded']),
      ),
    )
    .orderBy(desc(tasks.id));
  return siblings.find(({ action }) => action.kind === 'button' && action.customId === custom_id);
}
