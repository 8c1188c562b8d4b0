import { accounts } from '@midjourney-api/shared/database/schema';
import { Worker } from 'bullmq';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';

let api: TestApi;
beforeEach(async () => {
  api = await openTestApi();
});
afterEach(() => api.close());

it('each waiting task has its position among all users’, and a later one a later estimate', async () => {
  const [many, few] = [await api.client('many'), await api.client('few')];
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) ids.push((await many.post('/imagine', { prompt: `${i}` })).json.trigger_id);
  const last = (await few.post('/imagine', { prompt: 'mine' })).json.trigger_id;

  const reads = await Promise.all(ids.map(async (id) => (await many.get(`/task/${id}`)).json));
  expect(reads.map(({ position }) => position)).toEqual([1, 3, 4, 5, 6]);
  expect((await few.get(`/task/${last}`)).json.position).toBe(2);
  // Three at a time: the fourth waits for another round.
  expect(reads[4]?.estimate_seconds).toBe(2 * Number(reads[0]?.estimate_seconds));
});

it('a task that has left the queue has no position', async () => {
  const client = await api.client('somebody');
  const { trigger_id } = (await client.post('/imagine', { prompt: 'x' })).json;
  const { redis, queues } = api.deps;
  const worker = new Worker(queues.drawings.name, undefined, {
    connection: redis.duplicate({ maxRetriesPerRequest: null, enableOfflineQueue: true }),
    prefix: api.deps.config.REDIS_PREFIX,
    autorun: false,
  });
  await worker.getNextJob('token');
  expect((await client.get(`/task/${trigger_id}`)).json.position).toBeUndefined();
  await worker.close();
});

it('says why nothing is drawn, and gives no estimate while that is so', async () => {
  const client = await api.client('somebody');
  await api.deps.db.update(accounts).set({ state: 'refused', reason: 'Credits exhausted' });
  const { trigger_id } = (await client.post('/imagine', { prompt: 'x' })).json;
  const { queue, position, estimate_seconds } = (await client.get(`/task/${trigger_id}`)).json;
  expect(queue).toEqual({ position: 1, reason: expect.stringContaining('out of service') });
  expect([position, estimate_seconds]).toEqual([1, undefined]);
});

it('a look-up that fails costs a read its position, never the task, and is made again for the next one', async () => {
  const client = await api.client('somebody');
  const { trigger_id } = (await client.post('/imagine', { prompt: 'x' })).json;
  await api.deps.db.execute(sql`rename table accounts to accounts_away`);
  for (let read = 0; read < 2; read++) {
    const { status, json } = await client.get(`/task/${trigger_id}`);
    expect([status, json.status, json.queue]).toEqual([200, 'queued', undefined]);
  }
  await api.deps.db.execute(sql`rename table accounts_away to accounts`);
  expect((await client.get(`/task/${trigger_id}`)).json).toMatchObject({ status: 'queued', position: 1 });
});
