import { taskJobId } from '@midjourney-api/shared/queues/keys';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  finishedGrid,
  openTestApi,
  sent,
  type TestApi,
  type TestClient,
  taskId,
} from '../../../testing/open-test-api.ts';

let api: TestApi;
let client: TestClient;
beforeAll(async () => {
  api = await openTestApi();
  client = await api.client('someone');
});
afterAll(() => api.close());

async function submit(): Promise<string> {
  return (await client.post('/imagine', { prompt: 'a cat' })).json.trigger_id;
}

test('fails a waiting task, gives its token back and removes its job', async () => {
  const id = await submit();
  const { token_use } = (await client.get('/me')).json;
  const response = await client.post('/queue/release', { trigger_id: id });
  expect([response.status, response.json]).toEqual([
    200,
    { message: 'success', trigger_id: id, status: 'failed', released: true },
  ]);
  expect((await client.get(`/task/${id}`)).json).toMatchObject({
    status: 'failed',
    fail_code: 'released',
    token: 'refunded',
  });
  expect((await client.get('/me')).json.token_use).toBe(token_use - 1);
  expect(await api.deps.queues.drawings.getJob(taskJobId(taskId(id)))).toBeUndefined();
});

test('changes nothing about a finished task, and says so', async () => {
  const id = await submit();
  await api.happen(id, ...sent(), finishedGrid());
  const before = (await client.get(`/task/${id}`)).text;
  const response = await client.post('/queue/release', { trigger_id: id });
  expect(response.status).toBe(200);
  expect(response.json).toMatchObject({ status: 'succeeded', released: false });
  expect(response.json.message).toContain('nothing to release');
  expect((await client.get(`/task/${id}`)).text).toBe(before);
});

test('a task is released once, however often that is requested', async () => {
  const id = await submit();
  const { token_use } = (await client.get('/me')).json;
  const responses = await Promise.all(
    Array.from({ length: 5 }, () => client.post('/queue/release', { trigger_id: id })),
  );
  expect(responses.filter(({ json }) => json.released)).toHaveLength(1);
  expect((await client.get('/me')).json.token_use).toBe(token_use - 1);
});

test('what its owner gives up after it was sent is cancelled, and no free picture', async () => {
  const id = await submit();
  await api.happen(id, ...sent());
  const { token_use } = (await client.get('/me')).json;
  const response = await client.post('/queue/release', { trigger_id: id });
  expect([response.status, response.json]).toMatchObject([200, { status: 'submitted', released: false }]);
  expect(response.json.message).toMatch(/^Midjourney is asked to stop/);
  expect((await client.get('/me')).json.token_use).toBe(token_use);
  await api.happen(id, { type: 'failed', code: 'stopped', reason: 'Midjourney stopped.' });
  expect((await client.get(`/task/${id}`)).json).toMatchObject({ fail_code: 'cancelled', token: 'refunded' });
});

test('what an operator gives up fails at once, also after it was sent', async () => {
  const id = await submit();
  await api.happen(id, ...sent());
  const operator = await api.client('giving-up', 0, 'operator');
  const { json } = await operator.post('/queue/release', { trigger_id: id });
  expect(json).toMatchObject({ message: 'success', status: 'failed', released: true });
  expect((await client.get(`/task/${id}`)).json).toMatchObject({ fail_code: 'released', token: 'refunded' });
});

test("nobody releases another user's task, but an operator does", async () => {
  const id = await submit();
  const other = await api.client('other');
  const refused = await other.post('/queue/release', { trigger_id: id });
  expect([refused.status, refused.json.code]).toEqual([404, 'not_found']);
  expect((await client.get(`/task/${id}`)).json.status).toBe('queued');

  const operator = await api.client('operator', 0, 'operator');
  expect((await operator.post('/queue/release', { trigger_id: id })).json.released).toBe(true);
  expect((await client.get(`/task/${id}`)).json.fail_reason).toBe('Released by an operator.');
});
