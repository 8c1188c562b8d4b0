import { pruneIdempotencyKeys } from '@midjourney-api/shared/tasks/idempotency';
import { Worker } from 'bullmq';
import type { Dependencies } from '../dependencies.ts';
import { deleteOldTasks } from './delete-old-tasks.ts';
import { failStrandedTasks } from './fail-stranded-tasks.ts';
import { failUnfollowedTasks } from './fail-unfollowed-tasks.ts';
import { maintenanceQueue } from './reconciler-queue.ts';
import { pruneNotices, requeueLostNotices } from './requeue-lost-notices.ts';
import { requeueLostPictures } from './requeue-lost-pictures.ts';
import { requeueLostTasks } from './requeue-lost-tasks.ts';

/** Where everything was down, workers take their accounts up again first, and find what was drawn. */
const workersComeWithinMs = 60_000;

const jobName = 'requeue-lost-tasks';

/**
 * Looks for lost jobs, old notices, keys and tasks every `everyMs` and at the start, in one process of all that run.
 * The schedule is kept in Redis, so it is written anew all the time: a Redis that lost everything gets it
 * back, and with it the jobs.
 */
export function startMaintenance(deps: Dependencies, everyMs = 10_000): { close(): Promise<void> } {
  const { config, db, maintenance, redis, log, clock = () => new Date() } = deps;
  const connection = redis.duplicate({ enableOfflineQueue: true, maxRetriesPerRequest: null });
  connection.on('error', () => {});
  const startedAt = performance.now();
  const maintain = async () => {
    const began = performance.now();
    await requeueLostTasks(deps, clock());
    await failStrandedTasks(deps, clock());
    if (performance.now() - startedAt > workersComeWithinMs) await failUnfollowedTasks(deps, clock());
    await requeueLostNotices(deps, clock());
    if (deps.pictures) await requeueLostPictures(deps, clock());
    await pruneNotices(deps, clock());
    await pruneIdempotencyKeys(db, clock());
    await deleteOldTasks(deps, clock(), () => performance.now() - began < everyMs / 2);
  };
  const worker = new Worker(maintenanceQueue, maintain, { connection, prefix: config.REDIS_PREFIX });
  worker.on('error', (err) => log.debug({ err }, 'maintenance: redis is away'));
  worker.on('failed', (_job, err) => log.warn({ err }, 'could not look for lost jobs; it is tried again'));

  const keepScheduled = async () => {
    await maintenance.setGlobalConcurrency(1);
    await maintenance.upsertJobScheduler(
      jobName,
      { every: everyMs },
      { opts: { removeOnComplete: { count: 10 }, removeOnFail: { count: 100 } } },
    );
  };
  const reportAway = (err: unknown) => log.debug({ err }, 'maintenance: not scheduled');
  keepScheduled().catch(reportAway);
  const timer = setInterval(() => keepScheduled().catch(reportAway), everyMs);

  return {
    async close() {
      clearInterval(timer);
      await worker.close();
      connection.disconnect();
    },
  };
}
