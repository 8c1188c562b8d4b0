import { cached } from '@midjourney-api/shared/concurrency/cached';
import type { Database } from '@midjourney-api/shared/database/connect';
import { tasks } from '@midjourney-api/shared/database/schema';
import type { ShownTask } from '@midjourney-api/shared/tasks/find-tasks';
import type { QueuePosition } from '@midjourney-api/shared/tasks/views/task-schema';
import { desc, eq, sql } from 'drizzle-orm';
import type { Dependencies } from '../dependencies.ts';
import {
  type AccountNow,
  accountsFor,
  draws,
  pausedUntil,
  readAccounts,
  reasonToWait,
} from './account-for-task.ts';

/** @returns undefined for a task that does not wait, and while MySQL or Redis cannot say where it waits. */
export type FindQueuePosition = (
  task: Pick<
    ShownTask,
    'id' | 'userId' | 'status' | 'nonce' | 'account' | 'speed' | 'waitReason' | 'retryAt'
  >,
) => Promise<QueuePosition | undefined>;

const sampleSize = 50;
/** An imagine in fast mode, until there is something to measure. */
const usualSeconds = 60;

export function createQueuePosition({
  db,
  queues,
  log,
  clock,
}: Pick<Dependencies, 'db' | 'queues' | 'log' | 'clock'>): FindQueuePosition {
  const pace = cached(() => measurePace(db), { ms: 5_000 });
  const accounts = cached(() => readAccounts(db), { ms: 1_000 });

  const find: FindQueuePosition = async (task) => {
    const all = await accounts('all');
    const able = accountsFor(task, all).filter((account) => draws(account, clock()));
    const reason = (able.length > 0 ? task.waitReason : null) ?? reasonToWait(task, all, clock());
    const queued = await queues.positionOf(task).catch(() => undefined);
    // A worker has fetched it, so nothing is before it; without a reason it is just being sent.
    const position = queued ?? (reason === undefined ? undefined : 1);
    if (position === undefined) return undefined;
    if (able.length === 0) return { position, reason };
    const slots = able.reduce((sum, { concurrency }) => sum + concurrency, 0);
    const secondsToRetry = Math.max(0, (task.retryAt?.getTime() ?? 0) - clock().getTime()) / 1_000;
    const secondsToPause = Math.min(...able.map((account) => secondsPaused(account, clock())));
    const waitSeconds = Math.max(secondsToRetry, secondsToPause);
    const estimateSeconds = Math.ceil(waitSeconds + Math.ceil(position / slots) * (await pace('all')));
    return { position, reason, estimate_seconds: estimateSeconds };
  };

  return async (task) => {
    if (task.status !== 'queued' || task.nonce !== null) return undefined;
    // The task itself was read: its client gets it, even without its position.
    return find(task).catch((err) => {
      log.warn({ err, task: task.id }, 'queue position not found');
      return undefined;
    });
  };
}

function secondsPaused(account: AccountNow, now: Date): number {
  const until = pausedUntil(account, now);
  return until ? (until.getTime() - now.getTime()) / 1_000 : 0;
}

/** Seconds that the last drawings took. */
async function measurePace(db: Database): Promise<number> {
  const last = db
    .select({ submittedAt: tasks.submittedAt, finishedAt: tasks.finishedAt })
    .from(tasks)
    .where(eq(tasks.status, 'succeeded'))
    .orderBy(desc(tasks.id))
    .limit(sampleSize)
    .as('last');
  const [took] = await db
    .select({
      seconds: sql<
        number | null
      >`avg(timestampdiff(microsecond, ${last.submittedAt}, ${last.finishedAt})) / 1000000`,
    })
    .from(last);
  return Number(took?.seconds ?? usualSeconds);
}
