import { notices } from '@midjourney-api/shared/database/schema';
import { resetTokenUse } from '@midjourney-api/shared/users/change-tokens';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  finishedGrid,
  gridHash,
  openTestApi,
  sent,
  type TestApi,
  type TestClient,
  taskId,
} from '../../../testing/open-test-api.ts';

const secrets = ['cdn.example', '12790000000000', gridHash];
let api: TestApi;
let messages = 1_279_000_000_000_000_100n;
beforeAll(async () => {
  api = await openTestApi({ IMAGE_STORE: 'none', ALLOW_PRIVATE_HOOKS: '1' });
});
afterAll(() => api.close());

/** A task that was given up, and whose picture came after that. */
async function late(client: TestClient, body: object = {}, code: 'timeout' | 'cancelled' = 'timeout') {
  const id = (await client.post('/imagine', { prompt: 'a cat', ...body })).json.trigger_id;
  await api.happen(id, ...sent(), { type: 'started', progressMessageId: '7' });
  if (code === 'cancelled') await api.happen(id, { type: 'cancel_requested' });
  await api.happen(id, { type: 'failed', code: 'timeout', reason: 'too slow' });
  await api.happen(id, finishedGrid(String(messages++)));
  return id;
}

const claim = (client: TestClient, id: string) => client.post(`/task/${id}/claim`, '');

describe('a late picture', () => {
  test.each(['timeout', 'cancelled'] as const)('of a task that failed with %s is not shown', async (code) => {
    const client = await api.client(`unpaid-${code}`);
    const id = await late(client, { notify_hook: 'http://127.0.0.1:9/' }, code);
    const { json } = await client.get(`/task/${id}`);
    expect(json).toMatchObject({ fail_code: code, token: 'refunded', late_result: { available: true } });
    const delivered = await api.deps.db
      .select()
      .from(notices)
      .where(eq(notices.taskId, taskId(id)));
    const everything = [
      await client.get(`/task/${id}`),
      await client.get('/tasks'),
      await client.get(`/task/${id}/events`),
      ...delivered.map(({ body }) => ({ text: body })),
    ].map(({ text }) => text);
    for (const text of everything) for (const secret of secrets) expect(text).not.toContain(secret);
  });

  test('is no parent before it is claimed, and one like any other after that', async () => {
    const client = await api.client('parent');
    const id = await late(client);
    const follow = () => client.post('/upscale', { trigger_id: id, index: 2 });
    expect((await follow()).json).toMatchObject({ code: 'action_unavailable', status: 409 });
    await claim(client, id);
    expect((await follow()).status).toBe(200);
  });

  test('becomes the result of its task for a token, which its hook and its events are sent', async () => {
    const client = await api.client('payer', 1);
    const id = await late(client, { notify_hook: 'http://127.0.0.1:9/' });
    expect((await client.get('/me')).json.token_use).toBe(0);
    const answer = await claim(client, id);
    expect([answer.status, answer.json]).toMatchObject([
      200,
      { trigger_id: id, status: 'succeeded', progress: 100, token: 'spent', msg_hash: gridHash },
    ]);
    expect(answer.json).not.toHaveProperty('fail_code');
    expect(answer.json).not.toHaveProperty('late_result');
    expect((await client.get(`/task/${id}`)).json).toEqual(answer.json);
    expect(answer.headers.get('ETag')).toBe((await client.get(`/task/${id}`)).headers.get('ETag'));
    expect((await client.get('/me')).json.token_use).toBe(1);

    const delivered = await api.deps.db
      .select()
      .from(notices)
      .where(eq(notices.taskId, taskId(id)));
    expect(JSON.parse(delivered.at(-1)?.body ?? '')).toMatchObject({
      type: 'task.succeeded',
      data: answer.json,
    });
    expect((await client.get(`/task/${id}/events`)).text).toMatch(/^event: final\ndata: .*"succeeded"/);
  });

  test('is paid for once, however often it is claimed at once', async () => {
    const client = await api.client('impatient', 5);
    const id = await late(client);
    const answers = await Promise.all(Array.from({ length: 8 }, () => claim(client, id)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect((await client.get('/me')).json.token_use).toBe(1);
    // A reset starts the count again; what was paid for before is not paid for twice.
    await resetTokenUse(api.deps.db, client.appKey);
    expect((await claim(client, id)).status).toBe(200);
    expect((await client.get('/me')).json.token_use).toBe(0);
  });

  test('stays where it is while its owner has no token', async () => {
    const client = await api.client('poor', 1);
    const id = await late(client);
    const open = (await client.post('/imagine', { prompt: 'another' })).json.trigger_id;
    const refused = await claim(client, id);
    expect([refused.status, refused.json.code]).toEqual([429, 'insufficient_tokens']);
    expect((await client.get(`/task/${id}`)).json).toMatchObject({
      status: 'failed',
      late_result: { available: true },
    });
    await client.post('/cancel', { trigger_id: open });
    expect((await claim(client, id)).status).toBe(200);
  });

  test("is its owner's only", async () => {
    const id = await late(await api.client('owner'));
    const stranger = await api.client('stranger');
    expect((await claim(stranger, id)).status).toBe(404);
    expect((await stranger.get('/me')).json.token_use).toBe(0);
  });
});

test.each([
  ['is being drawn', []],
  ['failed without a picture', [{ type: 'failed', code: 'stopped', reason: 'stopped' }]],
  ['has succeeded', [finishedGrid(String(messages++))]],
] as const)('there is nothing to claim of a task that %s', async (name, events) => {
  const client = await api.client(name.replaceAll(' ', '-'));
  const id = (await client.post('/imagine', { prompt: 'a cat' })).json.trigger_id;
  await api.happen(id, ...sent(), ...events);
  const before = [(await client.get(`/task/${id}`)).text, (await client.get('/me')).text];
  const answer = await claim(client, id);
  expect([answer.status, answer.json.code]).toEqual([409, 'action_unavailable']);
  expect(answer.json.detail).toMatch(/nothing to claim, and nothing was charged\.$/);
  expect([(await client.get(`/task/${id}`)).text, (await client.get('/me')).text]).toEqual(before);
});
