import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { testPrefix } from '../../../../test/database.ts';
import { nextTurns, placeOf, turnBegan } from './fair-order.ts';

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

let added = 0;
function jobsOf(userId: number, count: number, priority = 1) {
  return Array.from({ length: count }, () => ({ jobId: `job-${++added}`, userId, priority }));
}

async function addBulk(jobs: ReturnType<typeof jobsOf>, turns: number[]): Promise<void> {
  await queue.addBulk(
    jobs.map(({ jobId, userId }, at) => ({
      name: `user ${userId}`,
      data: {},
      opts: { jobId, priority: turns[at] },
    })),
  );
}

async function add(userId: number, count: number, priority = 1): Promise<string[]> {
  const jobs = jobsOf(userId, count, priority);
  await addBulk(jobs, await nextTurns(redis, queue, jobs));
  return jobs.map(({ jobId }) => jobId);
}

/** Takes so many jobs, one after the other. @returns whose they were. */
async function take(count: number): Promise<string> {
  const taken: string[] = [];
  for (let i = 0; i < count; i++) {
    const job = await worker.getNextJob(`token ${i}`);
    if (!job) break;
    await turnBegan(redis, queue, job.priority);
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

it('finishes who has little waiting before who has much, without keeping the latter waiting', async () => {
  await Promise.all([add(1, 500), add(2, 50), add(3, 30), add(4, 15), add(5, 5)]);
  const taken = await take(600);
  expect(taken.length).toBe(600);
  expect(taken.lastIndexOf('2')).toBeLessThan(125);
  expect(taken.slice(0, 120).replace(/[^1]/g, '').length).toBeGreaterThan(15);
  expect(await redis.keys(`${queue.toKey('fair-order')}*`)).toEqual([]);
});

it('takes the jobs of each user in the order in which they came', async () => {
  const ids = await add(1, 40);
  const others = await add(2, 15);
  const order: string[] = [];
  for (let i = 0; i < 55; i++) {
    const job = await worker.getNextJob(`token ${i}`);
    if (!job?.id) break;
    order.push(job.id);
    await turnBegan(redis, queue, job.priority);
  }
  expect(order.filter((id) => ids.includes(id))).toEqual(ids);
  expect(order.filter((id) => others.includes(id))).toEqual(others);
});

it('does not keep a user waiting for jobs that were removed', async () => {
  await add(1, 100);
  const removed = await add(2, 260);
  for (const id of removed) {
    await queue.remove(id);
    // Nobody waits for its job any more: it came long ago.
    await redis.zadd(queue.toKey('fair-order:later:2'), 'XX', 1, id);
  }
  await add(2, 3);
  expect(await take(18)).toMatch(/(.*2){3}/);
});

it('loses nothing that was taken before its turn was given, or added twice', async () => {
  const ids = await add(1, 60);
  added -= 60;
  await add(1, 60);
  const jobs = await Promise.all(Array.from({ length: 60 }, (_, i) => worker.getNextJob(`token ${i}`)));
  await Promise.all(jobs.map((job) => turnBegan(redis, queue, job?.priority ?? 0)));
  expect(jobs.map((job) => job?.id).sort()).toEqual([...ids].sort());
});

it('starts anew when turns have run out, and goes on in turn', async () => {
  await redis.hset(queue.toKey('fair-order'), 'now', 2 ** 21 - 200);
  await add(1, 30);
  await add(2, 30);
  expect((await take(60)).slice(12, 40)).toMatch(/^1?(21|12)+2?$/);
});

it('tells everybody’s place in line, also of those who have no turn yet', async () => {
  const many = await add(1, 100);
  const few = await add(2, 20);
  const place = (userId: number, jobId = '') => placeOf(redis, queue, { userId, jobId });
  expect(await place(1, many[0])).toBe(1);
  expect(await place(2, few[0])).toBe(2);
  expect(await place(2, few[19])).toBe(40);
  expect(await place(1, many[99])).toBe(120);
  expect(await place(1, 'unknown')).toBeUndefined();
});

it('gives turns also to jobs that were about to be added when the queue became empty', async () => {
  await add(3, 1);
  const jobs = jobsOf(1, 20);
  const turns = await nextTurns(redis, queue, jobs);
  expect(await take(1)).toBe('3');
  await addBulk(jobs, turns);
  await add(2, 40);
  expect((await take(40)).replace(/2/g, '').length).toBe(20);
});
