import { tasks } from '@midjourney-api/shared/database/schema';
import { imageJobId } from '@midjourney-api/shared/queues/queues';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { and, eq, gt, lt } from 'drizzle-orm';
import type { Dependencies } from '../app-env.ts';
import { areLive } from './live-jobs.ts';

/** A picture this young may be between its commit and its job. */
const youngMs = 5_000;
const batchSize = 500;

/**
 * Gives every picture that waits to be copied and has no live job a new one: its job was never added, or Redis
 * lost it. Doing it twice adds nothing.
 * @returns how many jobs were added.
 */
export async function requeueLostPictures(
  { db, redis, queues, log }: Pick<Dependencies, 'db' | 'redis' | 'queues' | 'log'>,
  now: Date,
): Promise<number> {
  let requeued = 0;
  let after: TaskId | undefined;
  for (;;) {
    const batch = await readBatch(after);
    const last = batch.at(-1);
    if (!last) break;
    const live = await areLive(
      redis,
      batch.map(({ id }) => ({ queue: queues.images, jobId: imageJobId(id) })),
    );
    const lost = batch.filter((_, at) => !live[at]);
    await Promise.all(lost.map(requeue));
    requeued += lost.length;
    after = last.id;
  }
  if (requeued > 0) log.warn({ count: requeued }, 'added lost jobs of pictures again');
  return requeued;

  async function requeue({ id }: { id: TaskId }): Promise<void> {
    // What is left of a finished job would keep a new one with its id out.
    await queues.images.remove(imageJobId(id));
    await queues.addImage(id);
  }

  function readBatch(after: TaskId | undefined) {
    return db
      .select({ id: tasks.id })
      .from(tasks)
      .where(
        and(
          eq(tasks.imageCopy, 'waiting'),
          lt(tasks.finishedAt, new Date(now.getTime() - youngMs)),
          after && gt(tasks.id, after),
        ),
      )
      .orderBy(tasks.id)
      .limit(batchSize);
  }
}
