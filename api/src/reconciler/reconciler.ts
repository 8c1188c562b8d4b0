import { pruneDrift } from '@midjourney-api/shared/drift/drift-records';
import { catalogue } from '@midjourney-api/shared/queues/catalogue';
import { queueNames } from '@midjourney-api/shared/queues/keys';
import { createQueueWorker } from '@midjourney-api/shared/queues/queue-worker';
import { waitingConnection } from '@midjourney-api/shared/redis';
import { pruneIdempotencyKeys } from '@midjourney-api/shared/tasks/idempotency';
import { pruneWindows } from '@midjourney-api/shared/tasks/windows';
import type { Dependencies } from '../dependencies.ts';
import { deleteOldTasks } from './delete-old-tasks.ts';
import { failStrandedTasks } from './fail-stranded-tasks.ts';
import { failUnfollowedTasks } from './fail-unfollowed-tasks.ts';
import { pruneNotices, requeueLostNotices } from './requeue-lost-notices.ts';
import { requeueLostPictures } from './requeue-lost-pictures.ts';
import { requeueLostTasks } from './requeue-lost-tasks.ts';

/** After everything was down, workers need this long to have their accounts again and find what was drawn. */
const workersComeWithinMs = 60_000;

/**
 * Looks for lost jobs, old notices, keys and tasks at the start and then every `everyMs`, in one process at a time.
 * The schedule is kept in Redis, so it is written again each time: a Redis that lost everything gets it back,
 * and with it the jobs.
 */
export function startReconciler(deps: Dependencies, everyMs = 10_000): { close(): Promise<void> } {
  const { db, queues, log, clock } = deps;
  const redis = waitingConnection(deps.redis);
  const startedAt = performance.now();
  const reconcile = async () => {
    const began = performance.now();
    await requeueLostTasks(deps, clock());
    await failStrandedTasks(deps, clock());
    if (performance.now() - startedAt > workersComeWithinMs) await failUnfollowedTasks(deps, clock());
    await requeueLostNotices(deps, clock());
    if (deps.pictures) await requeueLostPictures(deps, clock());
    await pruneNotices(deps, clock());
    await pruneIdempotencyKeys(db, clock());
    await pruneWindows(db, clock());
    await pruneDrift(db);
    await deleteOldTasks(deps, clock(), () => performance.now() - began < everyMs / 2);
  };
  const worker = createQueueWorker(queueNames.reconciler, reconcile, { ...deps, redis });
  worker.on('failed', (_job, err) => log.warn({ err }, 'the reconciler failed; it is tried again'));

  const keepScheduled = async () => {
    await queues.reconciler.setGlobalConcurrency(1);
    await queues.reconciler.upsertJobScheduler(
      'reconcile',
      { every: everyMs },
      { name: 'reconcile', opts: catalogue.reconcile.options },
    );
  };
  const reportAway = (err: unknown) => log.debug({ err }, 'the reconciler is not scheduled');
  keepScheduled().catch(reportAway);
  const timer = setInterval(() => keepScheduled().catch(reportAway), everyMs);

  return {
    async close() {
      clearInterval(timer);
      await worker.close();
      redis.disconnect();
    },
  };
}
