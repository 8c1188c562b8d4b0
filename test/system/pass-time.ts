import { createLogger } from '@midjourney-api/shared/logging/logger';
import { taskJobId } from '@midjourney-api/shared/queues/keys';
import { openQueues } from '@midjourney-api/shared/queues/queues';
import { connectRedis } from '@midjourney-api/shared/redis';
import { findTask } from '@midjourney-api/shared/tasks/find-tasks';
import { isTaskId } from '@midjourney-api/shared/tasks/task-id';
import type { System } from './system.ts';
import { until } from './until.ts';

/** Waits until a worker has put the postponed task's job aside. Then the time has come for which it waits. */
export async function passTime({ db, redisUrl, redisPrefix }: System, id: string): Promise<void> {
  if (!isTaskId(id)) throw new Error(`${id} is not the id of a task.`);
  const redis = connectRedis(redisUrl, createLogger('test', 'silent'), { waiting: true });
  const queues = openQueues(redis, redisPrefix);
  try {
    const task = await findTask(db, id);
    if (!task) throw new Error(`There is no task ${id}.`);
    const job = await until('its job waits for its time', async () => {
      const jobs = await Promise.all(queues.possibleQueues(task).map((queue) => queue.getJob(taskJobId(id))));
      const found = jobs.find((each) => each !== undefined);
      return (await found?.isDelayed()) && found;
    });
    await db.execute(`update tasks set retry_at = utc_timestamp(3) where id = ${id}`);
    await job.changeDelay(0);
  } finally {
    await queues.close();
    redis.disconnect();
  }
}
