import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { startLocalRedis } from '../../../../scripts/services/local-services.ts';
import { testPrefix } from '../../../../test/database.ts';
import { createFairOrder, type FairOrder } from './fair-order.ts';

let redis: Redis;
let fairOrder: FairOrder;
let queue: Queue;
let worker: Worker;
beforeEach(() => {
  redis = new Redis(inject('services').redisUrl, { maxRetriesPerRequest: null });
  fairOrder = createFairOrder(redis);
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

async function addBulk(jobs: ReturnType<typeof jobsOf>, priorities: number[]): Promise<void> {
  await queue.addBulk(
    jobs.map(({ jobId, userId }, at) => ({
      name: `user ${userId}`,
      data: {},
      opts: { jobId, priority: priorities[at] },
    })),
  );
}

async function add(userId: number, count: number, priority = 1): Promise<string[]> {
  const jobs = jobsOf(userId, count, priority);
  await addBulk(jobs, await fairOrder.givePriorities(queue, jobs));
  return jobs.map(({ jobId }) => jobId);
}

/** Takes so many jobs, one after the other. @returns whose they were. */
async function take(count: number): Promise<string> {
  const taken: string[] = [];
  for (let i = 0; i < count; i++) {
    const job = await worker.getNextJob(`token ${i}`);
    if (!job) break;
    await fairOrder.jobTaken(queue, job.priority);
    taken.push(job.name.replace('user ', ''));
  }
  return taken.join('');
}

it('takes one job of each user after another, however many each has waiting', async () => {
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

it('does not let a user save up priorities by not using them', async () => {
  await add(1, 100);
  await take(90);
  await add(2, 8);
  expect(await take(8)).toBe('12121212');
});

it('takes three jobs of a user with priority 3 for one of another', async () => {
  await add(1, 6);
  await add(2, 6, 3);
  expect(await take(8)).toBe('22122212');
});

it('starts from the beginning when no job waits', async () => {
  await add(1, 50);
  expect((await take(60)).length).toBe(50);
  expect(await redis.exists(queue.toKey('fair-order'))).toBe(0);
  await add(1, 1);
  await add(2, 1);
  expect(await take(2)).toBe('12');
});

it('finishes users with few jobs before one with many, and continues with that one meanwhile', async () => {
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
    await fairOrder.jobTaken(queue, job.priority);
  }
  expect(order.filter((id) => ids.includes(id))).toEqual(ids);
  expect(order.filter((id) => others.includes(id))).toEqual(others);
});

it('does not keep a user waiting for jobs that were removed', async () => {
  await add(1, 100);
  const removed = await add(2, 260);
  for (const id of removed) {
    await queue.remove(id);
    // As if it had come long ago.
    await redis.zadd(queue.toKey('fair-order:later:2'), 'XX', 1, id);
  }
  await add(2, 3);
  expect(await take(18)).toMatch(/(.*2){3}/);
});

it('loses no job that was taken before it was given a priority, or added twice', async () => {
  const ids = await add(1, 60);
  added -= 60;
  await add(1, 60);
  const jobs = await Promise.all(Array.from({ length: 60 }, (_, i) => worker.getNextJob(`token ${i}`)));
  await Promise.all(jobs.map((job) => fairOrder.jobTaken(queue, job?.priority ?? 0)));
  expect(jobs.map((job) => job?.id).sort()).toEqual([...ids].sort());
});

it('starts from the beginning when priorities have run out, and stays fair', async () => {
  await redis.hset(queue.toKey('fair-order'), 'now', 2 ** 21 - 200);
  await add(1, 30);
  await add(2, 30);
  expect((await take(60)).slice(12, 40)).toMatch(/^1?(21|12)+2?$/);
});

it('knows the position of every job, also of those at the back', async () => {
  const many = await add(1, 100);
  const few = await add(2, 20);
  const position = (userId: number, jobId = '') => fairOrder.positionOf(queue, { userId, jobId });
  expect(await position(1, many[0])).toBe(1);
  expect(await position(2, few[0])).toBe(2);
  expect(await position(2, few[19])).toBe(40);
  expect(await position(1, many[99])).toBe(120);
  expect(await position(1, 'unknown')).toBeUndefined();
});

it('gives priorities also to jobs that were about to be added when the queue became empty', async () => {
  await add(3, 1);
  const jobs = jobsOf(1, 20);
  const priorities = await fairOrder.givePriorities(queue, jobs);
  expect(await take(1)).toBe('3');
  await addBulk(jobs, priorities);
  await add(2, 40);
  expect((await take(40)).replace(/2/g, '').length).toBe(20);
});

describe('with a Redis of its own', () => {
  let dataDir: string;
  let service: Awaited<ReturnType<typeof startLocalRedis>>;
  let alone: Redis;
  let order: FairOrder;
  beforeEach(async () => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'midjourney-api-test-'));
    service = await startLocalRedis({ dataDir, durable: false });
    alone = new Redis(service.url, { maxRetriesPerRequest: null });
    alone.on('error', () => {});
    order = createFairOrder(alone);
  });
  afterEach(async () => {
    alone.disconnect();
    await service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('sends the text of each script once, and only its hash from then on', async () => {
    const calls = async (command: string) => {
      const [, count] = (await alone.info('commandstats')).match(`cmdstat_${command}:calls=([0-9]+)`) ?? [];
      return Number(count ?? 0);
    };
    for (let round = 0; round < 20; round++) {
      await order.givePriorities(queue, jobsOf(1, 1));
      await order.jobTaken(queue, 60);
      await order.positionOf(queue, { userId: 1, jobId: 'job' });
    }
    expect([await calls('eval'), await calls('evalsha'), await calls('script|load')]).toEqual([3, 57, 0]);
  });

  it('continues when Redis has lost its scripts', async () => {
    const priorities = () => order.givePriorities(queue, jobsOf(1, 2));
    expect(await priorities()).toEqual([60, 120]);
    await alone.script('FLUSH');
    expect(await priorities()).toEqual([180, 240]);
    await service.server.stop(3_000);
    await service.server.start();
    expect(await priorities()).toEqual([60, 120]);
  });
});
