import { tasks, users } from '@midjourney-api/shared/database/schema';
import { taskJobId } from '@midjourney-api/shared/queues/keys';
import { openStatuses } from '@midjourney-api/shared/tasks/statuses';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { and, eq, gt, inArray, lt } from 'drizzle-orm';
import type { Dependencies } from '../dependencies.ts';
import { batchSize, requeueLostJobs } from './requeue-lost-jobs.ts';

type OpenTask = Pick<Task, 'id' | 'account' | 'speed'>;

/** A task this young may be between its commit and its job. */
const youngMs = 5_000;

/** Gives every open task that has no live job a new one. @returns how many jobs were added. */
export async function requeueLostTasks(
  { db, redis, queues, log }: Pick<Dependencies, 'db' | 'redis' | 'queues' | 'log'>,
  now: Date,
): Promise<number> {
  const old = lt(tasks.createdAt, new Date(now.getTime() - youngMs));
  let requeued = 0;
  // In their order, so that a task that moves on meanwhile is not missed.
  for (const status of openStatuses) {
    requeued += await requeueLostJobs<OpenTask>(redis, {
      read: (after) =>
        db
          .select({ id: tasks.id, account: tasks.account, speed: tasks.speed })
          .from(tasks)
          .where(and(eq(tasks.status, status), old, after && gt(tasks.id, after.id)))
          .orderBy(tasks.id)
          .limit(batchSize),
      jobsOf: (task) => queues.possibleQueues(task).map((queue) => ({ queue, jobId: taskJobId(task.id) })),
      addJobs,
    });
  }
  if (requeued > 0) log.warn({ count: requeued }, 'added lost jobs again');
  return requeued;

  async function addJobs(lost: OpenTask[]): Promise<number> {
    const ids = lost.map(({ id }) => id);
    // A task may have ended between the two queries, which is also why its job had.
    const open = await db
      .select({
        id: tasks.id,
        account: tasks.account,
        speed: tasks.speed,
        userId: tasks.userId,
        triggerType: tasks.triggerType,
        prompt: tasks.prompt,
        userName: users.userName,
        priority: users.priority,
      })
      .from(tasks)
      .innerJoin(users, eq(users.id, tasks.userId))
      .where(and(inArray(tasks.id, ids), inArray(tasks.status, openStatuses)))
      .orderBy(tasks.id);
    await queues.addTasks(open);
    return open.length;
  }
}
