import { tasks } from '@midjourney-api/shared/database/schema';
import { catalogue, type PictureJob, readJob } from '@midjourney-api/shared/queues/catalogue';
import { queueNames } from '@midjourney-api/shared/queues/keys';
import { createQueueWorker } from '@midjourney-api/shared/queues/queue-worker';
import { waitingConnection } from '@midjourney-api/shared/redis';
import { changeTask } from '@midjourney-api/shared/tasks/change-task';
import { findTask } from '@midjourney-api/shared/tasks/find-tasks';
import { pictureLink } from '@midjourney-api/shared/tasks/picture';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { Job } from 'bullmq';
import { and, eq } from 'drizzle-orm';
import type { Dependencies } from '../dependencies.ts';
import { discardPicture } from './copy-picture.ts';
import { NotToKeep } from './download.ts';
import type { Pictures } from './open-pictures.ts';
import { picturesAt } from './pictures-at.ts';

const atOnce = 4;
/** For one try: a large picture over a slow line. */
const timeLimitMs = 120_000;

/** 5 s at first, twice as long each time, an hour at most. */
export function delayBeforeCopy(failedAttempts: number): number {
  return Math.min(5_000 * 2 ** (failedAttempts - 1), 60 * 60 * 1_000);
}

/** Copies pictures that were not copied before their task was announced, and tries again until they are. */
export function startPictureCopies(
  deps: Dependencies & { pictures: Pictures },
  { delay = delayBeforeCopy }: { delay?: (failedAttempts: number) => number } = {},
): { close(): Promise<void> } {
  const redis = waitingConnection(deps.redis);
  const copying = createCopyJob(deps);
  const worker = createQueueWorker(
    queueNames.pictures,
    copying,
    { ...deps, redis },
    { concurrency: atOnce, settings: { backoffStrategy: delay } },
  );
  return {
    async close() {
      await worker.close();
      redis.disconnect();
    },
  };
}

function createCopyJob(deps: Dependencies & { pictures: Pictures }): (job: Job<PictureJob>) => Promise<void> {
  const { config, db, pictures, freshLinks, log, stopping, clock } = deps;
  const context = { ...deps, picturesAt: picturesAt(config) };

  async function copy(taskId: TaskId): Promise<void> {
    const found = await findTask(db, taskId);
    if (found?.imageCopy !== 'waiting') return;
    const [task = found] = await freshLinks([found]);
    const link = pictureLink(task);
    if (link === null) return;
    const limit = AbortSignal.timeout(timeLimitMs);
    const signal = stopping ? AbortSignal.any([limit, stopping]) : limit;
    const stored = await pictures.copy(taskId, link, signal);
    const event = { type: 'picture_stored' as const, copy: stored };
    const changed = await changeTask(context, taskId, event, clock());
    if (changed?.applied) log.info({ task: taskId }, 'picture stored');
    else await discardPicture(pictures.store, stored);
  }

  async function giveUp(taskId: TaskId, reason: string): Promise<void> {
    await db
      .update(tasks)
      .set({ imageCopy: 'lost' })
      .where(and(eq(tasks.id, taskId), eq(tasks.imageCopy, 'waiting')));
    log.error({ task: taskId, reason }, 'picture not stored, given up');
  }

  return async (job) => {
    const { taskId } = readJob(catalogue.picture, job);
    try {
      await copy(taskId);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (error instanceof NotToKeep) return giveUp(taskId, reason);
      const last = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
      if (last && !stopping?.aborted) return giveUp(taskId, reason);
      log.warn(
        { task: taskId, attempt: job.attemptsMade + 1, err: error },
        'picture not stored, trying again',
      );
      throw error;
    }
  };
}
