import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { testPrefix } from '../../../test/database.ts';
import { nextTurns, turnBegan } from './fair-order.ts';

let redis: Redis;
let queue: Queue;
let worker: Worker;
beforeEach(() => {
  redis = new Redis(inject('services').redisUrl, { maxRetriesPerRequest: null });
  const options = { connection: redis, prefix: testPrefix() };
  queue = new Queue('fair', options);
  worker = new Worker('fair', undefined, { ...options, autorun: false });
});
afterEach(async () => {
  await worker.close();
  await queue.obliterate({ force: true });
  await queue.close();
  redis.disconnect();
});

async function add(userId: number, count: number, priority = 1): Promise<void> {
  const jobs = Array.from({ length: count }, () => ({ userId, priority }));
  const turns = await nextTurns(redis, queue, jobs);
  await queue.addBulk(turns.map((turn) => ({ name: `user ${userId}`, data: {}, opts: { priority: turn } })));
}

/** Takes so many jobs, one after the other. @returns whose they were. */
async function take(count: number): Promise<string> {
  const taken: string[] = [];
  for (let i = 0; i < count; i++) {
    const job = await worker.getNextJob(`token ${i}`);
    if (!job) break;
    await turnBegan(redis, queue, job.opts.priority ?? 0);
    taken.push(job.name.replace('user ', ''));
  }
  return taken.join('');
}

it('serves users in turn, however many jobs each has waiting', async () => {
  await add(1, 6);
  await add(2, 3);
  await add(3, 1);
  expect(await take(10)).toBe('1231212111');
});

it('serves a newcomer next, also when another has waited and been served for long', async () => {
  await add(1, 300);
  await take(200);
  await add(2, 2);
  expect(await take(5)).toBe('12121');
});

it('does not let a user save up turns by not using them', async () => {
  await add(1, 100);
  await take(90);
  await add(2, 8);
  expect(await take(8)).toBe('12121212');
});

it('gives a user with priority 3 three turns for one', async () => {
  await add(1, 6);
  await add(2, 6, 3);
  expect(await take(8)).toBe('22122212');
});

it('starts anew when nobody waits any more', async () => {
  await add(1, 50);
  expect((await take(60)).length).toBe(50);
  expect(await redis.exists(queue.toKey('fair-order'))).toBe(0);
  await add(1, 1);
  await add(2, 1);
  expect(await take(2)).toBe('12');
});
