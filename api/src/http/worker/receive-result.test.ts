import { signatureHeaders } from '@midjourney-api/shared/results/signature';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Answer,
  gridHash,
  openTestApi,
  readAnswer,
  sent,
  type TestApi,
  type TestClient,
  webhookSecret,
} from '../../testing/open-test-api.ts';
import { apiPrefix } from '../app-env.ts';

let api: TestApi;
let client: TestClient;
beforeAll(async () => {
  api = await openTestApi();
  client = await api.client('draws');
});
afterAll(() => api.close());

async function deliver(event: object, headers?: Record<string, string>): Promise<Answer> {
  const body = JSON.stringify(event);
  return readAnswer(
    await api.app.request(`${apiPrefix}/midjourney/result`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(headers ?? signatureHeaders(webhookSecret, body)) },
      body,
    }),
  );
}

async function sentTask(): Promise<string> {
  const { trigger_id } = (await client.post('/imagine', { prompt: 'a cat' })).json;
  await api.happen(trigger_id, ...sent());
  return trigger_id;
}

function end(triggerId: string) {
  return {
    type: 'end',
    id: triggerId,
    content: '**a cat** - <@1> (fast)',
    attachments: [
      {
        id: '1279000000000000001',
        url: 'https://cdn.example/grid.png',
        filename: `user_a_cat_${gridHash}.png`,
        width: 1024,
        height: 1024,
      },
    ],
    embeds: [],
    trigger_id: triggerId,
    flags: 64,
    components: [
      { type: 1, components: [{ type: 2, label: 'U1', custom_id: `MJ::JOB::upsample::1::${gridHash}` }] },
    ],
  };
}

test('takes a task from start to end', async () => {
  const id = await sentTask();
  const start = await deliver({ type: 'start', id: '1278999999999999999', trigger_id: id });
  expect([start.status, start.json]).toEqual([200, { status: 'running', applied: true }]);
  const half = await deliver({ type: 'generating', id: '1278999999999999999', progress: 50, trigger_id: id });
  expect(half.json).toEqual({ status: 'running', applied: true });
  expect((await client.get(`/task/${id}`)).json.progress).toBe(50);

  const done = await deliver(end(id));
  expect(done.json).toEqual({ status: 'succeeded', applied: true });
  expect((await client.get(`/task/${id}`)).json).toMatchObject({
    status: 'succeeded',
    progress: 100,
    token: 'spent',
    msg_id: id,
    msg_hash: gridHash,
    image_url: 'https://cdn.example/grid.png',
    width: 1024,
    height: 1024,
    buttons: [{ label: 'U1', custom_id: `MJ::JOB::upsample::1::${gridHash}`, action: 'upscale' }],
  });
});

test('answers repeated and late events with 200 and changes nothing', async () => {
  const id = await sentTask();
  await deliver(end(id));
  const before = (await client.get(`/task/${id}`)).text;
  const late = [
    end(id),
    { type: 'start', id: '1', trigger_id: id },
    { type: 'generating', id: '1', progress: 90, trigger_id: id },
    { type: 'error', id: '1', reason: 'too late', trigger_id: id },
  ];
  for (const event of late) {
    const response = await deliver(event);
    expect([response.status, response.json]).toEqual([200, { status: 'succeeded', applied: false }]);
  }
  expect((await client.get(`/task/${id}`)).text).toBe(before);
});

test('fails the task and gives the token back on an error', async () => {
  const id = await sentTask();
  const { token_use } = (await client.get('/me')).json;
  await deliver({
    type: 'error',
    id: '1',
    embeds: [{ title: 'Invalid parameter', description: 'Unrecognized parameter(s): `--x`' }],
    trigger_id: id,
  });
  expect((await client.get(`/task/${id}`)).json).toMatchObject({
    status: 'failed',
    fail_code: 'rejected',
    fail_reason: 'Invalid parameter: Unrecognized parameter(s): `--x`',
    token: 'refunded',
  });
  expect((await client.get('/me')).json.token_use).toBe(token_use - 1);
});

test.each<[string, (body: string) => Record<string, string>]>([
  ['without a signature', () => ({})],
  ['signed with another secret', (body) => signatureHeaders(`whsec_${btoa('x'.repeat(32))}`, body)],
  ['signed for another body', () => signatureHeaders(webhookSecret, '{}')],
  [
    'signed more than five minutes ago',
    (body) => {
      const then = new Date(Date.now() - 301_000);
      return {
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(Math.floor(then.getTime() / 1_000)),
        'webhook-signature': new Webhook(webhookSecret).sign('msg_1', then, body),
      };
    },
  ],
])('refuses a result %s and changes nothing', async (_title, headersFor) => {
  const id = await sentTask();
  const event = end(id);
  const response = await deliver(event, headersFor(JSON.stringify(event)));
  expect(response.status).toBe(401);
  expect(response.json).toMatchObject({ code: 'bad_signature' });
  expect((await client.get(`/task/${id}`)).json.status).toBe('submitted');
});

test('refuses an unsigned body before it says what is wrong with it', async () => {
  const response = await deliver({ nonsense: true }, {});
  expect(response.status).toBe(401);
});

test('refuses an end without a picture', async () => {
  const id = await sentTask();
  const response = await deliver({ ...end(id), attachments: [] });
  expect([response.status, response.json.code]).toEqual([400, 'invalid_request']);
  expect((await client.get(`/task/${id}`)).json.status).toBe('submitted');
});

test.each(['289518374012518400', '9999999999999999999'])('does not know task %s', async (triggerId) => {
  const response = await deliver({ type: 'start', id: '1', trigger_id: triggerId });
  expect([response.status, response.json.code]).toEqual([404, 'not_found']);
});

test('the line of each result in the log says which task it was about', async () => {
  const task = await sentTask();
  await deliver(end(task));
  const line = { msg: 'request', path: `${apiPrefix}/midjourney/result`, status: 200, task };
  expect(api.logged).toContainEqual(expect.objectContaining(line));
});
