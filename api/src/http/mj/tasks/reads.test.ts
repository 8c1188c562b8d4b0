import { tasks } from '@midjourney-api/shared/database/schema';
import { findTask, shownColumns } from '@midjourney-api/shared/tasks/find-tasks';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type MjClient, mjClient } from '../../../testing/mj-client.ts';
import {
  finishedGrid,
  gridHash,
  openTestApi,
  sent,
  type TestApi,
  type TestClient,
  taskId,
} from '../../../testing/open-test-api.ts';

let api: TestApi;
let client: TestClient;
let mj: MjClient;
beforeAll(async () => {
  api = await openTestApi({ RATE_LIMIT_PER_KEY: '0' });
  client = await api.client('someone', 2_000);
  mj = mjClient(api, client.appKey);
});
afterAll(() => api.close());

async function submit(ask = mj): Promise<string> {
  return String((await ask.post('/mj/submit/imagine', { prompt: 'a cat' })).json.result);
}

const idsOf = (tasks: unknown) => (tasks as { id: string }[]).map(({ id }) => id);

test('the address of a task is that of its picture, for its owner, once it has one', async () => {
  const id = await submit();
  const open = (ask = mj) => ask.get(`/mj-fast/mj/image/${id}`);
  const notThere = await open();
  expect([notThere.status, notThere.json]).toMatchObject([404, { code: 4, result: null }]);
  await api.happen(id, ...sent(), finishedGrid());
  const { imageUrl } = (await mj.get(`/mj/task/${id}/fetch`)).json;
  const found = await open();
  expect([found.status, found.headers.get('Location')]).toEqual([302, imageUrl]);
  const stranger = mjClient(api, (await api.client('stranger-to-pictures')).appKey);
  expect((await open(stranger)).status).toBe(404);
  expect((await mj.get('/mj/image/nonsense')).status).toBe(404);
});

test('a task is fetched as it is, from its submit to its end', async () => {
  const id = await submit();
  const read = async () => (await mj.get(`/mj/task/${id}/fetch`)).json;
  expect(await read()).toMatchObject({
    id,
    status: 'NOT_START',
    progress: '0%',
    startTime: null,
    buttons: [],
  });
  await api.happen(id, ...sent());
  expect(await read()).toMatchObject({ status: 'SUBMITTED', progress: '0%', startTime: expect.any(Number) });
  await api.happen(id, { type: 'progressed', progressMessageId: '5', progress: 31 });
  expect(await read()).toMatchObject({ status: 'IN_PROGRESS', progress: '31%', finishTime: null });
  await api.happen(id, finishedGrid());
  const done = await read();
  expect(done).toMatchObject({ status: 'SUCCESS', progress: '100%', failReason: null });
  expect(done.imageUrl).toMatch(/^https:\/\//);
  const labels = (done.buttons as { emoji: string; label: string }[]).map(
    ({ emoji, label }) => emoji + label,
  );
  expect(labels).toEqual(['U1', 'U2', 'U3', 'U4', 'V1', 'V2', 'V3', 'V4', '🔄']);
  expect((done.buttons as unknown[])[0]).toEqual({
    customId: `MJ::JOB::upsample::1::${gridHash}`,
    emoji: '',
    label: 'U1',
    type: 2,
    style: 2,
  });
});

test('a cancelled task is a failure that says so', async () => {
  const id = await submit();
  await client.post('/cancel', { trigger_id: id });
  const { json } = await mj.get(`/mj/task/${id}/fetch`);
  expect(json).toMatchObject({ status: 'FAILURE', failReason: 'cancelled', progress: '' });
});

test.each(['1234567890123456', 'nonsense', '0', '99999999999999999999'])(
  'fetching the unknown task %s finds one that failed, with every key',
  async (id) => {
    const { status, json } = await mj.get(`/mj/task/${id}/fetch`);
    const known = (await mj.get(`/mj/task/${await submit()}/fetch`)).json;
    expect(status).toBe(200);
    expect(Object.keys(json).sort()).toEqual([...Object.keys(known), 'code'].sort());
    expect(json).toMatchObject({
      id,
      status: 'FAILURE',
      failReason: 'task not found',
      progress: '',
      code: 4,
      description: 'task not found',
      buttons: [],
      imageUrl: null,
    });
  },
);

describe('lists', () => {
  test('have the tasks that were asked for, in that order, and no other', async () => {
    const [first, second] = [await submit(), await submit()];
    const list = async (ids: unknown, path = 'list-by-condition') =>
      (await mj.post(`/mj/task/${path}`, { ids })).json;
    expect(idsOf(await list([second, first, '1234567890123456', 'nonsense', second]))).toEqual([
      second,
      first,
    ]);
    expect(idsOf(await list([Number(first)]))).toEqual([first]);
    expect(idsOf(await list([first], 'list-by-ids'))).toEqual([first]);
    expect(await list([])).toEqual([]);
    expect(await list(null)).toEqual([]);
    expect((await mj.post('/mj/task/list-by-condition', '')).json).toEqual([]);
  });

  test('have the key’s own tasks only, an operator’s too', async () => {
    const id = await submit();
    for (const role of ['user', 'operator'] as const) {
      const other = mjClient(api, (await api.client(`other-${role}`, 10, role)).appKey);
      expect((await other.post('/mj/task/list-by-condition', { ids: [id] })).json).toEqual([]);
      expect((await other.get('/mj/task/list')).json).toEqual([]);
      expect((await other.get('/mj/task/queue')).json).toEqual([]);
      expect((await other.get(`/mj/task/${id}/fetch`)).json).toMatchObject({ failReason: 'task not found' });
    }
  });

  test('the list is newest first, the queue oldest first and without what has ended', async () => {
    const ask = mjClient(api, (await api.client('lister', 10)).appKey);
    const ids = [await submit(ask), await submit(ask), await submit(ask)];
    const [first = '', ...others] = ids;
    await api.happen(first, ...sent(), finishedGrid());
    expect(idsOf((await ask.get('/mj/task/list')).json)).toEqual(ids.toReversed());
    expect(idsOf((await ask.get('/mj/task/queue')).json)).toEqual(others);
  });

  test('ten thousand ids may be asked for at once, and no more', async () => {
    const unknown = Array.from({ length: 10_000 }, (_, at) => String(1_767_322_800_000_000 + at));
    const first = await submit();
    const last = await submit();
    const ids = [first, ...unknown.slice(2), last];
    expect(idsOf((await mj.post('/mj/task/list-by-condition', { ids })).json)).toEqual([first, last]);
    const { json } = await mj.post('/mj/task/list-by-condition', { ids: [...ids, ...unknown.slice(0, 1)] });
    expect([json.code, json.description]).toEqual([4, expect.stringContaining('10000')]);
  });

  test('of 500 tasks are one query and little work', async () => {
    const id = await submit();
    await api.happen(id, ...sent(), finishedGrid());
    const ids = await copies(id, 500);
    const select = vi.spyOn(api.deps.db, 'select');
    const workMs: number[] = [];
    for (let i = 0; i < 5; i++) {
      // Alone on a machine it takes some 30 ms; other tests run beside this one.
      const before = process.cpuUsage();
      const { json } = await mj.post('/mj/task/list-by-condition', { ids });
      const { user, system } = process.cpuUsage(before);
      workMs.push((user + system) / 1_000);
      expect(json).toHaveLength(500);
    }
    const ofTasks = select.mock.calls.filter(([columns]) => columns === shownColumns);
    expect(ofTasks).toHaveLength(workMs.length);
    expect(Math.min(...workMs)).toBeLessThan(150);
  });
});

/** Rows like that of the task, under ids of their own. */
async function copies(id: string, count: number): Promise<string[]> {
  const { db, newTaskId } = api.deps;
  const task = await findTask(db, taskId(id));
  if (!task) throw new Error(`There is no task ${id}.`);
  const ids = Array.from({ length: count }, newTaskId);
  await db.insert(tasks).values(ids.map((copy) => ({ ...task, id: copy, resultMessageId: null })));
  return ids;
}
