import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Progress } from '@modelcontextprotocol/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testPrefix } from '../../../../test/database.ts';
import { eventually } from '../../../../test/eventually.ts';
import { listen } from '../../../../test/listen.ts';
import { connectMcp, type McpClient } from '../../../../test/mcp-client.ts';
import { createApp } from '../../app.ts';
import { countingApp } from '../../testing/counting-app.ts';
import {
  finishedGrid,
  openTestApi,
  readAnswer,
  sent,
  type TestApi,
  type TestClient,
} from '../../testing/open-test-api.ts';
import { type Api, apiPrefix } from '../app-env.ts';
import { stopServer } from '../server/stop-server.ts';

const started = { type: 'started', progressMessageId: '5' } as const;
const drawn = (percent: number) =>
  ({ type: 'progressed', progressMessageId: '5', progress: percent }) as const;
const rejected = { type: 'failed', code: 'rejected', reason: 'Invalid prompt' } as const;

let api: TestApi;
let server: Awaited<ReturnType<typeof serveApp>>;
let user: TestClient;
let users = 0;
const connected: McpClient[] = [];

beforeAll(async () => {
  api = await openTestApi();
  server = await serveApp(api.app);
});
afterAll(async () => {
  await server.stop();
  await api.close();
});
beforeEach(async () => {
  users += 1;
  user = await api.client(`user-${users}`);
});
afterEach(async () => {
  await Promise.all(connected.splice(0).map((client) => client.close()));
});

async function serveApp(app: Api) {
  const server = createServer(getRequestListener(app.fetch));
  return { url: `http://127.0.0.1:${await listen(server)}`, stop: () => stopServer(server, 100) };
}

async function connect(
  appKey = user.appKey,
  { url = server.url, mode = 'auto' }: { url?: string; mode?: 'auto' | 'legacy' } = {},
): Promise<McpClient> {
  const client = await connectMcp(url, { Authorization: `Bearer ${appKey}` }, mode);
  connected.push(client);
  return client;
}

/** Posts a message as a client of the revisions with `initialize` does. */
async function post(message: unknown, headers: Record<string, string> = {}, app: Api = api.app) {
  const response = await app.request('/mcp', {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${user.appKey}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: typeof message === 'string' ? message : JSON.stringify(message),
  });
  return readAnswer(response);
}

const listTools = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

/** The id in the first notification of a call, as soon as that has come. */
function watchProgress() {
  const seen: Progress[] = [];
  let hear: (id: string) => void;
  const id = new Promise<string>((resolve) => {
    hear = resolve;
  });
  const onprogress = (progress: Progress) => {
    seen.push(progress);
    hear(/\d{16}/.exec(progress.message ?? '')?.[0] ?? '');
  };
  return { seen, id, onprogress };
}

describe.each([
  ['2025-11-25', 'legacy'],
  ['2026-07-28', 'auto'],
] as const)('a client that speaks %s', (version, mode) => {
  test('follows its task while it is drawn, and gets the link and the buttons', async () => {
    const { client, call } = await connect(user.appKey, { mode });
    expect(client.getNegotiatedProtocolVersion()).toBe(version);
    const { seen, id, onprogress } = watchProgress();
    const calling = call('imagine', { prompt: 'a cat --ar 3:2' }, { onprogress });
    const task = await id;
    for (const [events, percent] of [
      [[...sent()], undefined],
      [[started, drawn(31)], 31],
      [[drawn(62)], 62],
    ] as const) {
      const before = seen.length;
      await api.happen(task, ...events);
      await eventually(() => expect(seen.length).toBeGreaterThan(before));
      if (percent) await eventually(() => expect(seen.at(-1)?.progress).toBe(percent));
    }
    await api.happen(task, finishedGrid());
    const { isError, sentence, json } = await calling;
    expect(isError).toBe(false);
    expect(sentence).toBe(`Task ${task} succeeded: ${json.image_url}`);
    expect(json).toEqual((await user.get(`/task/${task}`)).json);
    expect(json.buttons).toContainEqual(
      expect.objectContaining({
        label: 'U2',
        custom_id: expect.stringContaining('upsample::2'),
        name: expect.any(String),
      }),
    );
    const numbers = seen.map(({ progress }) => progress);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(seen.every(({ total }) => total === 100)).toBe(true);
    expect(seen.map(({ message }) => message)).toContain(`Task ${task}: 62 % drawn`);
  });

  test('goes away while its task is drawn, which continues', async () => {
    const { app, count } = countingApp(api.deps);
    const own = await serveApp(app);
    const { client, call } = await connect(user.appKey, { url: own.url, mode });
    const { id, onprogress } = watchProgress();
    const calling = call('imagine', { prompt: 'a cat' }, { onprogress }).catch(() => 'gone');
    const task = await id;
    expect(count.listening).toBe(1);
    await client.close();
    expect(await calling).toBe('gone');
    await eventually(() => expect(count.listening).toBe(0));
    await api.happen(task, ...sent(), finishedGrid());
    expect((await user.get(`/task/${task}`)).json.status).toBe('succeeded');
    await own.stop();
  });
});

test('a call that is cancelled no longer waits, and its task continues', async () => {
  const { app, count } = countingApp(api.deps);
  const own = await serveApp(app);
  const { call } = await connect(user.appKey, { url: own.url });
  const { id, onprogress } = watchProgress();
  const cancelled = new AbortController();
  const calling = call('imagine', { prompt: 'a cat' }, { onprogress, signal: cancelled.signal });
  const task = await id;
  cancelled.abort();
  await expect(calling).rejects.toThrow();
  await eventually(() => expect(count.listening).toBe(0));
  expect((await user.get(`/task/${task}`)).json.status).toBe('queued');
  await own.stop();
});

describe('a call that does not wait for the end', () => {
  test.each([
    ['wait: 0', 0],
    ['the time is up', 1],
  ])('says which task it is, and that it continues: %s', async (_why, wait) => {
    const { call } = await connect();
    const { isError, sentence, json } = await call('imagine', { prompt: 'a cat', wait });
    expect(isError).toBe(false);
    expect(sentence).toContain(`Task ${json.trigger_id} is queued, and continues by itself`);
    expect(json.queue?.position).toBeGreaterThan(0);
    const waiting = call('get_task', { trigger_id: json.trigger_id });
    await api.happen(json.trigger_id, ...sent(), finishedGrid());
    expect((await waiting).sentence).toContain(`Task ${json.trigger_id} succeeded`);
  });

  test('is answered at once when the process is about to stop', async () => {
    const stopping = new AbortController();
    const own = await serveApp(createApp({ ...api.deps, stopping: stopping.signal }));
    const { call } = await connect(user.appKey, { url: own.url });
    const { id, onprogress } = watchProgress();
    const calling = call('imagine', { prompt: 'a cat' }, { onprogress });
    const task = await id;
    stopping.abort();
    expect((await calling).sentence).toContain(`Task ${task} is queued, and continues by itself`);
    await own.stop();
  });
});

test('a task that fails is an error of the tool, with its reason', async () => {
  const { call } = await connect();
  const { id, onprogress } = watchProgress();
  const calling = call('imagine', { prompt: 'a cat' }, { onprogress });
  const task = await id;
  await api.happen(task, rejected);
  const { isError, sentence, json } = await calling;
  expect([isError, sentence]).toEqual([
    true,
    `Task ${task} failed, and its token was returned. Invalid prompt`,
  ]);
  expect(json).toMatchObject({ status: 'failed', fail_code: 'rejected', token: 'refunded' });
  // To look at it is no error.
  expect((await call('get_task', { trigger_id: task })).isError).toBe(false);
});

test('a task that was accepted and cannot be shown is not answered like a refusal', async () => {
  const freshLinks = Object.assign(() => Promise.reject(new Error('secret')), { mayBeNeeded: () => false });
  const own = await serveApp(createApp({ ...api.deps, freshLinks }));
  const { call } = await connect(user.appKey, { url: own.url });
  const { isError, sentence } = await call('imagine', { prompt: 'a cat', wait: 0 });
  const [task] = (await user.get('/tasks')).json.data;
  expect([isError, sentence]).toEqual([
    false,
    `Task ${task?.trigger_id} was accepted, but cannot be read now. Do not submit it again: call get_task in a moment.`,
  ]);
  const failed = await call('get_task', { trigger_id: task?.trigger_id, wait: 0 });
  expect([failed.isError, failed.sentence]).toEqual([
    true,
    expect.stringMatching(/^Something went wrong here\. Tell the operator this request_id: [\w-]+\.$/),
  ]);
  await own.stop();
});

describe('refusals are errors of the tool, with the sentence of /v1', () => {
  test.each([
    ['a banned word', 'imagine', { prompt: 'nude' }, '/imagine', { prompt: 'nude' }],
    [
      'a parent that is not there',
      'press',
      { trigger_id: '1795354211043001', label: 'U1' },
      '/action',
      { trigger_id: '1795354211043001', label: 'U1' },
    ],
    [
      'an upload that is not there',
      'describe',
      { image: 'a/b.png' },
      '/describe',
      { upload_filename: 'a/b.png' },
    ],
    [
      'a model that cannot',
      'edit',
      { prompt: 'a --v 7', images: ['https://a.example/b.png'] },
      '/edit',
      null,
    ],
  ])('%s', async (_what, name, args, route, body) => {
    const { call } = await connect();
    const { json } = await user.post(route, body ?? args);
    const { isError, sentence } = await call(name, args);
    const inFull = json.detail.replace('POST /', `POST ${apiPrefix}/`);
    expect([isError, sentence]).toEqual([true, inFull]);
    expect((await user.get('/me')).json.token_use).toBe(0);
  });

  test('an empty balance', async () => {
    const poor = await api.client(`poor-${users}`, 1);
    const { call } = await connect(poor.appKey);
    await call('imagine', { prompt: 'a cat', wait: 0 });
    const { isError, sentence } = await call('imagine', { prompt: 'a cat', wait: 0 });
    expect([isError, sentence]).toEqual([
      true,
      `All 1 tokens of ${poor.userName} are used or reserved. Ask the operator for more.`,
    ]);
  });

  test.each([
    ['imagine', { prompt: '' }, /prompt: must not be empty/],
    ['imagine', { prompt: 'a cat', sped: 'fast' }, /sped.*speed/],
    [
      'edit',
      { prompt: 'a cat', images: ['ftp://a.example/b.png'] },
      /images\.0: must be an http or https URL/,
    ],
    ['blend', { images: ['https://a.example/b.png'] }, /images: must be 2 to 5/],
    [
      'blend',
      { images: ['https://a.example/b.png', 'a/b.png'] },
      /images: must be all links, or all uploads/,
    ],
    ['animate', {}, /image: or trigger_id, one of the two/],
    ['animate', { image: 'a/b.png', loop: true, end_image: 'c/d.png' }, /loop: and end_image/],
    ['animate', { trigger_id: '1795354211043001', loop: true }, /loop: needs the picture as image/],
    ['press', { trigger_id: '1795354211043001' }, /Say which button by its custom_id or by its label/],
    ['list_tasks', { cursor: 'nonsense' }, /cursor: must be a next_cursor/],
  ])('%s with %j', async (name, args, sentence) => {
    const { call } = await connect();
    const refused = await call(name, args);
    expect(refused.isError).toBe(true);
    expect(refused.sentence).toMatch(sentence);
    expect((await user.get('/me')).json.token_use).toBe(0);
  });
});

describe('tasks', () => {
  test('are new ones for each call, also for one that is repeated', async () => {
    const { call } = await connect();
    const ids = [];
    for (let i = 0; i < 2; i++)
      ids.push((await call('imagine', { prompt: 'a cat', wait: 0 })).json.trigger_id);
    expect(new Set(ids).size).toBe(2);
    expect((await user.get('/me')).json.token_use).toBe(2);
  });

  test('are listed newest first, in pages, without their buttons', async () => {
    const { call } = await connect();
    const ids: string[] = [];
    for (let i = 0; i < 3; i++)
      ids.unshift((await call('imagine', { prompt: `cat ${i}`, wait: 0 })).json.trigger_id);
    await api.happen(ids[2] ?? '', ...sent(), finishedGrid());
    const { json: page } = await call('list_tasks', { limit: 2 });
    const { json: rest } = await call('list_tasks', { limit: 2, cursor: page.next_cursor });
    expect([...page.data, ...rest.data].map(({ trigger_id }) => trigger_id)).toEqual(ids);
    expect(rest.next_cursor).toBeNull();
    expect(rest.data[0]).toMatchObject({ status: 'succeeded', prompt: 'cat 0' });
    expect(rest.data[0]).not.toHaveProperty('buttons');
    const { json: succeeded } = await call('list_tasks', { status: 'succeeded', trigger_type: 'generate' });
    expect(succeeded.data.map(({ trigger_id }) => trigger_id)).toEqual([ids[2]]);
  });

  test('of others are not there, but for operators', async () => {
    const { trigger_id } = (await user.post('/imagine', { prompt: 'a cat' })).json;
    const other = await connect((await api.client(`other-${users}`)).appKey);
    const refused = await other.call('get_task', { trigger_id, wait: 0 });
    expect([refused.isError, refused.sentence]).toEqual([true, `You have no task ${trigger_id}.`]);
    expect((await other.call('list_tasks')).json.data).toEqual([]);
    const operator = await connect((await api.client(`operator-${users}`, 1, 'operator')).appKey);
    expect((await operator.call('get_task', { trigger_id, wait: 0 })).json.user).toBe(user.userName);
  });
});

describe('account_state', () => {
  test('shows operators the accounts', async () => {
    const { call } = await connect((await api.client(`operator-${users}`, 1, 'operator')).appKey);
    const { json } = await call('account_state');
    expect(json.data).toEqual([expect.objectContaining({ name: 'default', enabled: true })]);
  });

  test('is not there for others', async () => {
    const { client, call } = await connect();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'imagine',
      'press',
      'describe',
      'blend',
      'edit',
      'animate',
      'get_task',
      'list_tasks',
    ]);
    await expect(call('account_state')).rejects.toThrow('account_state not found');
  });
});

describe('who may call', () => {
  test.each([
    ['no key', {}, 'Send your key', 'Bearer'],
    ['a wrong key', { Authorization: 'Bearer mj_nobody' }, 'not known', 'Bearer error="invalid_token"'],
  ])('not a client with %s: 401', async (_what, headers, sentence, challenge) => {
    const { status, json, headers: answered } = await post(listTools, { Authorization: '', ...headers });
    expect([status, json.code]).toEqual([401, 'credentials_required']);
    expect(json.detail).toContain(sentence);
    expect(answered.get('WWW-Authenticate')).toBe(challenge);
    for (const mode of ['auto', 'legacy'] as const)
      await expect(connectMcp(server.url, headers, mode)).rejects.toThrow(/401|nauthorized/);
  });

  test('not a page of another site, except where the operator allows it', async () => {
    const { status, json } = await post(listTools, { Origin: 'https://evil.example' });
    expect([status, json.code]).toEqual([403, 'forbidden']);
    const open = createApp({
      ...api.deps,
      config: {
        ...api.deps.config,
        CORS_ORIGINS: ['https://app.example'],
        PUBLIC_URL: 'https://mj.example/',
      },
    });
    for (const origin of ['https://app.example', 'https://mj.example'])
      expect((await post(listTools, { Origin: origin }, open)).status).toBe(200);
    expect((await post(listTools, { Origin: 'https://evil.example' }, open)).status).toBe(403);
    const preflight = await open.request('/mcp', {
      method: 'OPTIONS',
      headers: { Origin: 'https://app.example', 'Access-Control-Request-Method': 'POST' },
    });
    expect(preflight.headers.get('Access-Control-Allow-Origin')).toBe('https://app.example');
    expect(preflight.headers.get('Access-Control-Allow-Headers')).toContain('Mcp-Protocol-Version');
  });

  test('nobody, where it is switched off', async () => {
    const off = createApp({ ...api.deps, config: { ...api.deps.config, MCP: false } });
    expect((await post(listTools, {}, off)).status).toBe(404);
  });
});

describe('the limits of all routes', () => {
  test('hold for bodies', async () => {
    const { status, json } = await post({
      ...listTools,
      params: { _meta: { large: 'a'.repeat(1_048_576) } },
    });
    expect([status, json.code]).toEqual([413, 'too_large']);
  });

  test('hold for requests, of which each message is one', async () => {
    const limited = createApp({
      ...api.deps,
      config: {
        ...api.deps.config,
        RATE_LIMIT_PER_KEY: 2,
        RATE_LIMIT_PER_ADDRESS: 3,
        // Where nothing has been counted yet.
        REDIS_PREFIX: testPrefix(),
      },
    });
    const own = await serveApp(limited);
    const ask = () =>
      fetch(`${own.url}/mcp`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${user.appKey}`,
          'Content-Type': 'application/json',
          Accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify(listTools),
      });
    const answers = [await ask(), await ask(), await ask()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers[1]?.headers.get('RateLimit')).toMatch(/"key";r=0;t=\d+, "address";r=1/);
    expect(answers[2]?.headers.get('Retry-After')).toMatch(/^\d+$/);
    await Promise.all(answers.map((answer) => answer.text()));
    await own.stop();
  });

  test('are not escaped by a batch', async () => {
    const { status, json } = await post([listTools, { ...listTools, id: 2 }]);
    expect([status, json.code]).toEqual([400, 'invalid_request']);
    expect(json.detail).toContain('batches are not taken');
  });
});

test.each([
  ['GET', 405],
  ['DELETE', 405],
])('there is no stream or session to %s', async (method, expected) => {
  const response = await api.app.request('/mcp', {
    method,
    headers: { Authorization: `Bearer ${user.appKey}`, Accept: 'text/event-stream' },
  });
  expect(response.status).toBe(expected);
  expect(response.headers.get('Allow')).toBe('POST');
});

test('what is no JSON is answered with 400', async () => {
  const { status, json } = await post('nonsense');
  expect([status, json.detail]).toEqual([400, 'The body must be JSON.']);
});
