import type { Database } from '@midjourney-api/shared/database/connect';
import { tasks } from '@midjourney-api/shared/database/schema';
import type { Motion } from '@midjourney-api/shared/midjourney/custom-id';
import { isPickOfVideo } from '@midjourney-api/shared/tasks/picture';
import type { Task } from '@midjourney-api/shared/tasks/task';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { User } from '@midjourney-api/shared/users/users';
import { and, desc, eq } from 'drizzle-orm';
import type { TaskRequest } from '../requests/task-request.ts';
import { findButton } from './follow-up.ts';
import { followUpRequest } from './follow-up-request.ts';
import { findFinishedParent, noSuchParent, unavailable } from './parent.ts';
import type { PressDependencies } from './press-on-parent.ts';

interface ExtendedVideo {
  taskId: string;
  /** Which of several videos, 1 to 4. */
  index: number;
}

/**
 * Makes a video longer: the one that the task shows, or the one of several that its owner has picked before. Midjourney
 * has the button for it under a picked video only.
 * @throws {Refusal} as `followUpRequest`; `action_unavailable` for one of several videos that was not picked.
 */
export async function extendVideoRequest(
  deps: PressDependencies,
  user: Pick<User, 'id' | 'userName'>,
  { taskId, index }: ExtendedVideo,
  { motion, text }: { motion: Motion; text: string | undefined },
): Promise<TaskRequest> {
  const parent = await findFinishedParent(deps.db, user.id, { taskId });
  if (!parent) throw noSuchParent({ taskId });
  const pickIt = findButton(parent.buttons, { type: 'video_upscale', index });
  const video = pickIt ? await findPick(deps.db, parent.task, index) : parent.task.id;
  if (!video) {
    const label = pickIt?.label ?? '';
    throw unavailable(parent, `has several videos: press ${label} first, and extend the video of that task`);
  }
  return followUpRequest(deps, user, {
    parent: { taskId: video },
    followUp: { type: 'extend', motion },
    form: text === undefined ? undefined : { text },
  });
}

/** The newest task of the same user that has picked this video. */
async function findPick(
  db: Database,
  { id, userId }: Pick<Task, 'id' | 'userId'>,
  index: number,
): Promise<TaskId | undefined> {
  const picked = await db
    .select({ id: tasks.id, action: tasks.action })
    .from(tasks)
    .where(
      and(
        eq(tasks.parentId, id),
        eq(tasks.userId, userId),
        eq(tasks.status, 'succeeded'),
        eq(tasks.index, index),
      ),
    )
    .orderBy(desc(tasks.id));
  return picked.find(({ action }) => isPickOfVideo(action))?.id;
}
