import { notices } from '@midjourney-api/shared/database/schema';
import type { NoticeJob } from '@midjourney-api/shared/queues/catalogue';
import { noticeJobId } from '@midjourney-api/shared/queues/keys';
import { and, eq, gt, inArray, lt, type SQL, sql } from 'drizzle-orm';
import type { Dependencies } from '../dependencies.ts';
import { batchSize, requeueLostJobs } from './requeue-lost-jobs.ts';

/** A notice this young may be between its commit and its job. */
const youngMs = 5_000;

/** How long delivered and dead notices are kept, for people who look into what a hook was sent: 7 days. */
const keptMs = 7 * 24 * 60 * 60 * 1_000;
const pruneBatch = 1_000;
const pruneBatches = 20;

/** Gives every task's oldest waiting notice that has no live job a new one. @returns how many jobs were added. */
export async function requeueLostNotices(
  { db, redis, queues, log }: Pick<Dependencies, 'db' | 'redis' | 'queues' | 'log'>,
  now: Date,
): Promise<number> {
  const old = lt(notices.createdAt, new Date(now.getTime() - youngMs));
  const requeued = await requeueLostJobs<NoticeJob>(redis, {
    read: (after) => readOldestWaiting(and(old, after && gt(notices.taskId, after.taskId))).limit(batchSize),
    jobsOf: (notice) => [{ queue: queues.notices, jobId: noticeJobId(notice) }],
    addJobs,
  });
  if (requeued > 0) log.warn({ count: requeued }, 'added lost jobs of hooks again');
  return requeued;

  async function addJobs(lost: NoticeJob[]): Promise<number> {
    const ids = lost.map(({ taskId }) => taskId);
    const waiting = await readOldestWaiting(inArray(notices.taskId, ids));
    // A notice may have been settled between the two queries, which is also why its job had ended: its worker
    // adds the job of the next one.
    const versions = new Map(waiting.map(({ taskId, version }) => [taskId, version]));
    const still = lost.filter(({ taskId, version }) => versions.get(taskId) === version);
    await Promise.all(still.map((notice) => queues.addNotice(notice)));
    return still.length;
  }

  function readOldestWaiting(which: SQL | undefined) {
    return db
      .select({
        taskId: notices.taskId,
        version: sql<number>`min(${notices.version})`.mapWith(Number),
        userId: sql<number>`min(${notices.userId})`.mapWith(Number),
      })
      .from(notices)
      .where(and(eq(notices.state, 'waiting'), which))
      .groupBy(notices.taskId)
      .orderBy(notices.taskId);
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
