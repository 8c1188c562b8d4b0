import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

let system: System;
let client: Client;
beforeAll(async () => {
  system = await startSystem();
  client = await system.newUser(10);
});
afterAll(() => system.stop());

it('a drawing’s job says whose and what it is, and ends as its task does', async () => {
  const drawn = await client.run('/imagine', { prompt: 'a cat by the sea' });
  const rejected = await client.ended(await client.submit('/imagine', { prompt: 'a cat --nonsense 5' }));
  const upscaled = await client.run('/upscale', { trigger_id: drawn.trigger_id, index: 1 });
  expect([drawn.status, rejected.status, upscaled.status]).toEqual(['succeeded', 'failed', 'succeeded']);

  const connection = new Redis(system.redisUrl, { maxRetriesPerRequest: null });
  const jobOf = async (queue: string, { trigger_id }: { trigger_id: string }) => {
    const jobs = new Queue(queue, { connection, prefix: system.redisPrefix });
    // Its task has ended a moment before it.
    const job = await until('the job ended', async () => {
      const found = await jobs.getJob(`task-${trigger_id}`);
      return found?.finishedOn === undefined ? undefined : found;
    });
    await jobs.close();
    return job;
  };
  const { name, data, returnvalue } = await jobOf('drawings', drawn);
  expect([name, data]).toEqual([
    'generate',
    { taskId: drawn.trigger_id, user: expect.stringMatching(/./), prompt: 'a cat by the sea' },
  ]);
  expect(returnvalue).toEqual({ account: 'default', message: drawn.msg_id });

  const failed = await jobOf('drawings', rejected);
  expect(await failed.getState()).toBe('failed');
  expect(failed.failedReason).toMatch(/^invalid_parameter: .*parameter/i);
  expect(failed.attemptsMade).toBe(1);
  expect((await jobOf('account-default', upscaled)).name).toBe('upscale');
  connection.disconnect();
});
