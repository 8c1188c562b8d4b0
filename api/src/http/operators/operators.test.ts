import { audited } from '@midjourney-api/shared/audit/audit';
import { notices, tasks } from '@midjourney-api/shared/database/schema';
import { setUserDisabled } from '@midjourney-api/shared/users/change-user';
import { getUser } from '@midjourney-api/shared/users/users';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestApi, sent, type TestApi, type TestClient, taskId } from '../../testing/open-test-api.ts';

let api: TestApi;
let alice: TestClient;
let bob: TestClient;
let operator: TestClient;
beforeAll(async () => {
  api = await openTestApi();
  alice = await api.client('alice');
  bob = await api.client('bob');
  operator = await api.client('boss', 10, 'operator');
});
afterAll(() => api.close());

const submit = async (client: TestClient, prompt: string, more: object = {}) =>
  (await client.post('/imagine', { prompt, ...more })).json.trigger_id;
const idsOf = async (client: TestClient, query: string) => {
  const { status, json } = await client.get(`/tasks?${query}`);
  expect(status).toBe(200);
  return json.data.map(({ trigger_id }) => trigger_id);
};

describe('operators', () => {
  test('see anybody’s task, with whose it is, its account, attempts, notices, request and detail', async () => {
    const { db } = api.deps;
    const body = { prompt: 'a lighthouse', notify_hook: 'https://hooks.example/' };
    const { json } = await alice.post('/imagine', body, { 'X-Request-Id': 'request-of-alice' });
    const id = json.trigger_id;
    await api.happen(id, ...sent(), { type: 'failed', code: 'timeout', reason: 'Too slow.' });
    await db
      .update(tasks)
      .set({ failDetail: 'the bill' })
      .where(eq(tasks.id, taskId(id)));
    await db
      .update(notices)
      .set({ state: 'dead', reason: 'it answered 500' })
      .where(eq(notices.taskId, taskId(id)));

    const seen = await operator.get(`/task/${id}`);
    expect(seen.json).toMatchObject({
      trigger_id: id,
      user: 'alice',
      account: 'default',
      attempts: 1,
      request_id: 'request-of-alice',
      fail_code: 'timeout',
      fail_detail: 'the bill',
      notices: { dead: 2, reason: 'it answered 500' },
    });
    const own = (await alice.get(`/task/${id}`)).json;
    for (const field of ['user', 'account', 'attempts', 'request_id', 'fail_detail', 'notices']) {
      expect(own).not.toHaveProperty(field);
    }
    expect((await bob.get(`/task/${id}`)).status).toBe(404);
  });

  test('find tasks by user, account, fail code and what is known of them', async () => {
    const [mine, other] = [await submit(alice, 'a 100% blue whale'), await submit(bob, 'a 1000 blue whales')];
    expect(await idsOf(operator, 'user=alice&q=blue')).toEqual([mine]);
    expect(await idsOf(operator, 'q=100%25')).toEqual([mine]);
    expect(await idsOf(operator, 'q=BLUE')).toEqual([other, mine]);
    expect(await idsOf(operator, `q=${other}`)).toEqual([other]);
    await api.happen(other, ...sent(), { type: 'failed', code: 'not_started', reason: 'Silence.' });
    expect(await idsOf(operator, 'fail_code=not_started')).toEqual([other]);
    expect(await idsOf(operator, 'account=default&user=bob')).toEqual([other]);
    expect(await idsOf(operator, 'q=request-of-alice')).toHaveLength(1);
  });

  test('see everybody’s tasks in pages, and one user’s by name', async () => {
    const all = await idsOf(operator, '');
    const first = (await operator.get('/tasks?limit=2')).json;
    const rest = await idsOf(operator, `cursor=${first.next_cursor}`);
    expect([...first.data.map(({ trigger_id }) => trigger_id), ...rest]).toEqual(all);
    expect(first.data[0]).toMatchObject({ user: 'bob' });
    expect((await operator.get('/tasks?user=nobody')).status).toBe(404);
  });

  test('see what tokens of anybody were used for', async () => {
    const { json } = await operator.get('/usage');
    const users = new Set(
      (json.data as unknown as { user_name: string }[]).map(({ user_name }) => user_name),
    );
    expect([...users]).toEqual(['alice', 'bob']);
    expect((await operator.get('/usage?user=bob&by=day')).json).toMatchObject({
      total: { reserved: 1, spent: 0, returned: 1 },
    });
    expect((await operator.get('/usage?user=nobody')).status).toBe(404);
  });
});

test('a user sees what their own tokens were used for, and nobody else’s', async () => {
  const today = new Date().toISOString().slice(0, 10);
  expect((await alice.get(`/usage?from=${today}&to=${today}&by=day`)).json).toEqual({
    data: [
      { period: today, user_name: 'alice', trigger_type: 'generate', reserved: 2, spent: 0, returned: 1 },
    ],
    total: { reserved: 2, spent: 0, returned: 1 },
  });
  expect((await alice.get('/usage?user=alice')).status).toBe(200);
  expect((await alice.get('/usage?from=2024-01-01&to=2024-12-31')).json).toMatchObject({ data: [] });
  expect((await alice.get('/usage?from=2026-02-30')).status).toBe(400);
  expect((await alice.get('/usage?from=2026-02-02&to=2026-01-01')).json.code).toBe('invalid_request');
});

test.each(['/tasks?user=bob', '/tasks?account=default', '/tasks?q=blue', '/usage?user=bob', '/audit'])(
  'GET %s is not for users',
  async (path) => {
    const { status, json } = await alice.get(path);
    expect([status, json.code]).toEqual([403, 'forbidden']);
  },
);

describe('the audit', () => {
  test('has what an operator did to somebody else’s task, and not what users did to their own', async () => {
    const [released, cancelled, own] = [
      await submit(bob, '1'),
      await submit(bob, '2'),
      await submit(bob, '3'),
    ];
    const headers = { 'X-Request-Id': 'from-the-console' };
    await operator.post('/queue/release', { trigger_id: released }, headers);
    await operator.post('/queue/release', { trigger_id: released });
    await operator.post('/cancel', { trigger_id: cancelled });
    await bob.post('/cancel', { trigger_id: own });
    const { json } = await operator.get('/audit');
    expect(json.data).toEqual([
      expect.objectContaining({ actor: 'boss', action: 'tasks.cancel', target: cancelled }),
      {
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        actor: 'boss',
        action: 'tasks.release',
        target: released,
        detail: {},
        request_id: 'from-the-console',
      },
    ]);
  });

  test('comes in pages, and by actor and target', async () => {
    const first = (await operator.get('/audit?limit=1')).json;
    const next = (await operator.get(`/audit?limit=1&cursor=${first.next_cursor}`)).json;
    expect([...first.data, ...next.data].map((entry) => Object(entry).action)).toEqual([
      'tasks.cancel',
      'tasks.release',
    ]);
    expect(next.next_cursor).toBeNull();
    expect((await operator.get('/audit?actor=shell:somebody')).json.data).toEqual([]);
    expect((await operator.get(`/audit?target=${Object(first.data[0]).target}`)).json.data).toHaveLength(1);
  });

  test('notes nothing of a write that failed', async () => {
    const { db } = api.deps;
    const write = { actor: 'shell:ops', action: 'users.disable' as const, target: 'bob' };
    const failing = audited(db, write, async (tx) => {
      await setUserDisabled(tx, 'bob', true);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect((await getUser(db, 'bob')).disabledAt).toBeNull();
    expect((await operator.get('/audit?target=bob')).json.data).toEqual([]);
  });
});
