import { notices } from '@midjourney-api/shared/database/schema';
import { scheduleNextNotice } from '@midjourney-api/shared/hooks/notices';
import { noticeJobId } from '@midjourney-api/shared/queues/queues';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { and, eq, gt, lt, sql } from 'drizzle-orm';
import type { Dependencies } from '../app-env.ts';
import { areLive } from './live-jobs.ts';

/** A notice this young may be between its commit and its job. */
const youngMs = 5_000;
const batchSize = 500;

/** How long delivered and dead notices are kept, for people who look into what a hook was told: 7 days. */
const keptMs = 7 * 24 * 60 * 60 * 1_000;
const pruneBatch = 1_000;
const pruneBatches = 20;

/**
 * Gives every task's oldest waiting notice that has no live job a new one: its job was never added, or Redis lost
 * it. Doing it twice adds nothing.
 * @returns how many jobs were added.
 */
export async function requeueLostNotices(
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
      batch.map((notice) => ({ queue: queues.hooks, jobId: noticeJobId(notice) })),
    );
    const added = await Promise.all(batch.filter((_, at) => !live[at]).map(requeue));
    requeued += added.filter(Boolean).length;
    after = last.taskId;
  }
  if (requeued > 0) log.warn({ count: requeued }, 'added lost jobs of hooks again');
  return requeued;

  async function requeue(notice: { taskId: TaskId; version: number }): Promise<boolean> {
    // What is left of a finished job would keep a new one with its id out.
    await queues.hooks.remove(noticeJobId(notice));
    // The notice may have been settled meanwhile, which is also why its job had ended.
    return (await scheduleNextNotice(db, queues, notice.taskId)) === notice.version;
  }

  function readBatch(after: TaskId | undefined) {
    return db
      .select({ taskId: notices.taskId, version: sql<number>`min(${notices.version})`.mapWith(Number) })
      .from(notices)
      .where(
        and(
          eq(notices.state, 'waiting'),
          lt(notices.createdAt, new Date(now.getTime() - youngMs)),
          after && gt(notices.taskId, after),
        ),
      )
      .groupBy(notices.taskId)
      .orderBy(notices.taskId)
      .limit(batchSize);
  }
}

/** Forgets what was delivered or given up long ago, in batches small enough to disturb nobody. @returns how many. */
export async function pruneNotices({ db }: Pick<Dependencies, 'db'>, now: Date): Promise<number> {
  let pruned = 0;
  for (let batch = 0; batch < pruneBatches; batch++) {
    const [{ affectedRows }] = await db
      .delete(notices)
      .where(lt(notices.settledAt, new Date(now.getTime() - keptMs)))
      .limit(pruneBatch);
    pruned += affectedRows;
    if (affectedRows < pruneBatch) break;
  }
  return pruned;
}
