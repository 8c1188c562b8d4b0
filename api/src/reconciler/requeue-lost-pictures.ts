import { tasks } from '@midjourney-api/shared/database/schema';
import { pictureJobId } from '@midjourney-api/shared/queues/keys';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { and, eq, gt, lt } from 'drizzle-orm';
import type { Dependencies } from '../dependencies.ts';
import { batchSize, requeueLostJobs } from './requeue-lost-jobs.ts';

/** A picture this young may be between its commit and its job. */
const youngMs = 5_000;

/** Gives every picture that waits to be copied and has no live job a new one. @returns how many jobs were added. */
export async function requeueLostPictures(
  { db, redis, queues, log }: Pick<Dependencies, 'db' | 'redis' | 'queues' | 'log'>,
  now: Date,
): Promise<number> {
  const old = lt(tasks.finishedAt, new Date(now.getTime() - youngMs));
  const requeued = await requeueLostJobs<Pick<Task, 'id'>>(redis, {
    read: (after) =>
      db
        .select({ id: tasks.id })
        .from(tasks)
        .where(and(eq(tasks.imageCopy, 'waiting'), old, after && gt(tasks.id, after.id)))
        .orderBy(tasks.id)
        .limit(batchSize),
    jobsOf: ({ id }) => [{ queue: queues.pictures, jobId: pictureJobId(id) }],
    addJobs: async (lost) => (await Promise.all(lost.map(({ id }) => queues.addPicture(id)))).length,
  });
  if (requeued > 0) log.warn({ count: requeued }, 'added lost jobs of pictures again');
  return requeued;
}
