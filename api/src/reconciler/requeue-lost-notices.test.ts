import { notices } from '@midjourney-api/shared/database/schema';
import { noticeJobId } from '@midjourney-api/shared/queues/keys';
import { and, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { eventually } from '../../../test/eventually.ts';
import { openTestApi, sent, type TestApi, type TestClient, taskId } from '../testing/open-test-api.ts';
import { startReconciler } from './reconciler.ts';
import { pruneNotices, requeueLostNotices } from './requeue-lost-notices.ts';

let api: TestApi;
let client: TestClient;
beforeEach(async () => {
  api = await openTestApi();
  client = await api.client('someone', 2_000);
});
afterEach(() => api.close());

/** A task with notices of two changes, the first of which, version 3, has a job. */
async function noticed(): Promise<string> {
  const { trigger_id } = (
    await client.post('/imagine', { prompt: 'a cat', notify_hook: 'https://hooks.example/' })
  ).json;
  const adding = vi.spyOn(api.deps.queues, 'addNotice');
  await api.happen(trigger_id, ...sent(), { type: 'started', progressMessageId: '7' });
  // Each change sees to the job, after it is answered.
  await eventually(() => expect(adding).toHaveBeenCalledTimes(2));
  await Promise.all(adding.mock.results.map(({ value }) => value));
  adding.mockRestore();
  return trigger_id;
}

async function state(id: string, version: number) {
  return (await api.deps.queues.notices.getJob(noticeJobId({ taskId: taskId(id), version })))?.getState();
}

async function settle(id: string, version: number, settledAt: Date): Promise<void> {
  await api.deps.db
    .update(notices)
    .set({ state: 'delivered', settledAt })
    .where(and(eq(notices.taskId, taskId(id)), eq(notices.version, version)));
}

const later = () => new Date(Date.now() + 60_000);
const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60_000);

async function emptyRedis(): Promise<void> {
  const { redis, config } = api.deps;
  const keys = await redis.keys(`${config.REDIS_PREFIX}:*`);
  if (keys.length > 0) await redis.del(keys);
}

describe('the oldest waiting notice of a task gets a job again', () => {
  test('when Redis lost everything', async () => {
    const [one, two] = [await noticed(), await noticed()];
    await emptyRedis();
    expect(await requeueLostNotices(api.deps, later())).toBe(2);
    expect([await state(one, 3), await state(two, 3)]).toEqual(['waiting', 'waiting']);
    expect([await state(one, 4), await state(two, 4)]).toEqual([undefined, undefined]);
    expect(await requeueLostNotices(api.deps, later())).toBe(0);
  });

  test('when its process died between the one before and this one', async () => {
    const id = await noticed();
    await settle(id, 3, new Date());
    expect(await requeueLostNotices(api.deps, later())).toBe(1);
    expect(await state(id, 4)).toBe('waiting');
  });

  test('but not while it may still be about to', async () => {
    await noticed();
    await emptyRedis();
    expect(await requeueLostNotices(api.deps, new Date())).toBe(0);
  });

  test('for each of more tasks than are looked at in one go', async () => {
    const { db } = api.deps;
    const id = BigInt(await noticed());
    const [row] = await db.select().from(notices).limit(1);
    if (!row) throw new Error('There is no notice.');
    const copies = Array.from({ length: 1_100 }, (_, i) => ({
      ...row,
      taskId: taskId(String(id + BigInt(i + 1))),
    }));
    await db.insert(notices).values(copies);
    expect(await requeueLostNotices(api.deps, later())).toBe(1_100);
    expect(await state(copies.at(-1)?.taskId ?? '', 3)).toBe('waiting');
  });

  test('by itself, in the api', async () => {
    const id = await noticed();
    await emptyRedis();
    const reconciler = startReconciler({ ...api.deps, clock: later }, 200);
    await eventually(async () => expect(await state(id, 3)).toBe('waiting'));
    await reconciler.close();
  });
});

test('settled notices are forgotten after a week, and waiting ones never', async () => {
  const id = await noticed();
  await settle(id, 3, daysAgo(6));
  expect(await pruneNotices(api.deps, new Date())).toBe(0);
  await settle(id, 3, daysAgo(8));
  expect(await pruneNotices(api.deps, new Date())).toBe(1);
  const left = await api.deps.db.select({ version: notices.version }).from(notices);
  expect(left).toEqual([{ version: 4 }]);
});
