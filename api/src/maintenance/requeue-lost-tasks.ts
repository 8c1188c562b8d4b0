import { tasks, users } from '@midjourney-api/shared/database/schema';
import { taskJobId } from '@midjourney-api/shared/queues/queues';
import type { Task, TaskStatus } from '@midjourney-api/shared/tasks/task';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { and, eq, gt, inArray, lt } from 'drizzle-orm';
import type { Dependencies } from '../app-env.ts';
import { areLive } from './live-jobs.ts';

type LostTask = OpenTask & { priority: number };
type OpenTask = Pick<Task, 'id' | 'account' | 'speed' | 'userId'>;

/** A task this young may be between its commit and its job. */
const youngMs = 5_000;
const batchSize = 500;

/** In the order in which a task goes through them, so that one that moves meanwhile is still met. */
const openStatuses: TaskStatus[] = ['queued', 'submitted', 'running'];

/**
 * Gives every open task that has no live job a new one: its job was never added, Redis lost it, or it used up
 * its attempts. MySQL is the truth, so nothing accepted is lost with Redis. Doing it twice adds nothing.
 * @returns how many jobs were added.
 */
export async function requeueLostTasks(
  { db, redis, queues, log }: Pick<Dependencies, 'db' | 'redis' | 'queues' | 'log'>,
  now: Date,
): Promise<number> {
  let requeued = 0;
  for (const status of openStatuses) {
    let after: TaskId | undefined;
    for (;;) {
      const batch = await readBatch(status, after);
      const last = batch.at(-1);
      if (!last) break;
      requeued += await requeue(await stillOpen(await withoutLiveJob(batch)));
      after = last.id;
    }
  }
  if (requeued > 0) log.warn({ count: requeued }, 'added lost jobs again');
  return requeued;

  function readBatch(status: TaskStatus, after: TaskId | undefined): Promise<OpenTask[]> {
    return db
      .select({ id: tasks.id, account: tasks.account, speed: tasks.speed, userId: tasks.userId })
      .from(tasks)
      .where(
        and(
          eq(tasks.status, status),
          lt(tasks.createdAt, new Date(now.getTime() - youngMs)),
          after && gt(tasks.id, after),
        ),
      )
      .orderBy(tasks.id)
      .limit(batchSize);
  }

  async function withoutLiveJob(batch: OpenTask[]): Promise<OpenTask[]> {
    const places = batch.flatMap((task) =>
      queues.placesOf(task).map((queue) => ({ task, queue, jobId: taskJobId(task.id) })),
    );
    const alive = await areLive(redis, places);
    const live = new Set(places.flatMap(({ task }, at) => (alive[at] ? [task.id] : [])));
    return batch.filter(({ id }) => !live.has(id));
  }

  /** A task may have ended between the two looks, which is also why its job had. */
  async function stillOpen(batch: OpenTask[]): Promise<LostTask[]> {
    if (batch.length === 0) return [];
    const ids = batch.map(({ id }) => id);
    return db
      .select({
        id: tasks.id,
        account: tasks.account,
        speed: tasks.speed,
        userId: tasks.userId,
        priority: users.priority,
      })
      .from(tasks)
      .innerJoin(users, eq(users.id, tasks.userId))
      .where(and(inArray(tasks.id, ids), inArray(tasks.status, openStatuses)));
  }

  async function requeue(lost: LostTask[]): Promise<number> {
    await Promise.all(
      lost.map(async (task) => {
        // What is left of a finished job would keep a new one with its id out.
        await Promise.all(queues.placesOf(task).map((queue) => queue.remove(taskJobId(task.id))));
      }),
    );
    await queues.addTasks(lost);
    return lost.length;
  }
}
