import { createLogger } from '@midjourney-api/shared/logging/logger';
import { taskJobId } from '@midjourney-api/shared/queues/keys';
import { openQueues } from '@midjourney-api/shared/queues/queues';
import { connectRedis } from '@midjourney-api/shared/redis';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

let system: System;
beforeEach(async () => {
  system = await startSystem({ drawMs: 1_500, imageSize: 64, concurrency: 1 });
});
afterEach(() => system.stop());

it('a job whose data are not valid fails for people to see, takes no slot, and its task is drawn all the same', async () => {
  const redis = connectRedis(system.redisUrl, createLogger('test', 'silent'), { waiting: true });
  const { drawings, close } = openQueues(redis, system.redisPrefix);
  const client = await system.newUser(10);
  const first = await client.submit('/imagine', { prompt: 'the first' });
  await until('the account is busy', async () => (await client.task(first)).status !== 'queued');
  const second = await client.submit('/imagine', { prompt: 'the second' });
  const jobOfSecond = () => drawings.getJob(taskJobId(second as TaskId));
  await until('it waits', async () => await jobOfSecond());
  await (await jobOfSecond())?.updateData({ user: 'someone' } as never);

  const reason = await until('its job failed', async () => (await jobOfSecond())?.failedReason);
  expect(reason).toContain('The data of the job "generate" are not valid: taskId: not a task id');
  expect(await client.ended(second)).toMatchObject({ status: 'succeeded', token: 'spent' });
  expect(await client.tokenUse()).toBe(2);
  await close();
  redis.disconnect();
});
