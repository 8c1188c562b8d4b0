import { setTimeout as sleep } from 'node:timers/promises';
import { tasks } from '@midjourney-api/shared/database/schema';
import { drawingsQueue, taskJobId } from '@midjourney-api/shared/queues/keys';
import { Worker } from 'bullmq';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  finishedGrid,
  openTestApi,
  sent,
  type TestApi,
  type TestClient,
  taskId,
} from '../testing/open-test-api.ts';
import { startReconciler } from './reconciler.ts';
import { requeueLostTasks } from './requeue-lost-tasks.ts';

let api: TestApi;
let client: TestClient;
beforeEach(async () => {
  api = await openTestApi();
  client = await api.client('someone', 2_000);
});
afterEach(() => api.close());

async function submit(): Promise<string> {
  return (await client.post('/imagine', { prompt: 'a cat' })).json.trigger_id;
}

/** Late enough for the tasks to be looked at. */
function later(): Date {
  return new Date(Date.now() + 60_000);
}

async function emptyRedis(): Promise<void> {
  const { redis, config } = api.deps;
  const keys = await redis.keys(`${config.REDIS_PREFIX}:*`);
  if (keys.length > 0) await redis.del(keys);
}

async function states(id: string, account?: string) {
  const queue = account ? api.deps.queues.account(account) : api.deps.queues.drawings;
  return (await queue.getJob(taskJobId(taskId(id))))?.getState();
}

/** Runs every waiting job of the queue to its end, well or not. */
async function runJobs(end: () => Promise<void>): Promise<void> {
  const { redis, config } = api.deps;
  const worker = new Worker(drawingsQueue(null), end, {
    connection: redis.duplicate({ maxRetriesPerRequest: null, enableOfflineQueue: true }),
    prefix: config.REDIS_PREFIX,
  });
  await new Promise<void>((resolve) => worker.once('drained', () => resolve()));
  await worker.close();
}

describe('a task gets a job again', () => {
  test('when Redis lost everything, in whatever state it is', async () => {
    const [queued, submitted] = [await submit(), await submit()];
    await api.happen(submitted, ...sent('default'));
    await emptyRedis();
    expect(await requeueLostTasks(api.deps, later())).toBe(2);
    expect(await states(queued)).toBe('prioritized');
    expect(await states(submitted, 'default')).toBe('prioritized');
  });

  test('when its job ended without it', async () => {
    const id = await submit();
    await runJobs(async () => {});
    expect(await states(id)).toBe('completed');
    expect(await requeueLostTasks(api.deps, later())).toBe(1);
    expect(await states(id)).toBe('prioritized');
  });

  test('when its job used up its attempts', async () => {
    const id = await submit();
    // The same job, but with one attempt only.
    await api.deps.queues.drawings.remove(taskJobId(taskId(id)));
    await api.deps.queues.drawings.add(
      'task',
      { taskId: taskId(id), user: 'someone', prompt: 'a cat' },
      { jobId: taskJobId(taskId(id)), attempts: 1 },
    );
    await runJobs(() => Promise.reject(new Error('no')));
    expect(await states(id)).toBe('failed');
    expect(await requeueLostTasks(api.deps, later())).toBe(1);
    expect(await states(id)).toBe('prioritized');
  });

  test('once, in however many batches they come', async () => {
    const [task] = await api.deps.db
      .select()
      .from(tasks)
      .where(eq(tasks.id, taskId(await submit())));
    if (!task) throw new Error('the task is not there');
    const more = Array.from({ length: 1_000 }, (_, at) => ({
      ...task,
      id: taskId(String(BigInt(task.id) + BigInt(at + 1))),
    }));
    await api.deps.db.insert(tasks).values(more);
    expect(await requeueLostTasks(api.deps, later())).toBe(1_000);
    expect(await requeueLostTasks(api.deps, later())).toBe(0);
    expect(await api.deps.queues.drawings.getPrioritizedCount()).toBe(1_001);
  });
});

describe('nothing is done', () => {
  test('to a task whose job waits, or runs on the shared queue while it has its account already', async () => {
    const [waiting, running] = [await submit(), await submit()];
    await api.happen(running, ...sent('default'));
    expect(await requeueLostTasks(api.deps, later())).toBe(0);
    expect(await states(waiting)).toBe('prioritized');
    expect(await states(running, 'default')).toBeUndefined();
  });

  test('to a task that was accepted just now', async () => {
    await submit();
    await emptyRedis();
    expect(await requeueLostTasks(api.deps, new Date())).toBe(0);
  });

  test('to a task that is over', async () => {
    const id = await submit();
    await api.happen(id, ...sent(), finishedGrid());
    await emptyRedis();
    expect(await requeueLostTasks(api.deps, later())).toBe(0);
  });
});

test('runs by itself, in any of the processes, and comes back after Redis lost its schedule', async () => {
  const clock = later;
  const both = [startReconciler({ ...api.deps, clock }, 200), startReconciler({ ...api.deps, clock }, 200)];
  const waitFor = async (id: string) => {
    for (let attempt = 0; attempt < 300 && !(await states(id)); attempt++) await sleep(100);
    expect(await states(id)).toBe('prioritized');
  };
  const id = await submit();
  await emptyRedis();
  await waitFor(id);
  await emptyRedis();
  await waitFor(id);
  await Promise.all(both.map((one) => one.close()));
});
