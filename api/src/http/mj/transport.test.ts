import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { getRequestListener } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen } from '../../../../test/listen.ts';
import { createApp } from '../../app.ts';
import { mjClient } from '../../testing/mj-client.ts';
import {
  type Answer,
  openTestApi,
  readAnswer,
  type TestApi,
  type TestClient,
} from '../../testing/open-test-api.ts';

let api: TestApi;
let client: TestClient;
beforeAll(async () => {
  api = await openTestApi({ CORS_ORIGINS: 'https://chat.example', RATE_LIMIT_PER_ADDRESS: '0' });
  client = await api.client('someone', 1_000);
});
afterAll(() => api.close());

const post = (path: string, body: unknown, headers?: Record<string, string>) =>
  mjClient(api, client.appKey).post(path, body, headers);
const get = (path: string, headers?: Record<string, string>) =>
  mjClient(api, client.appKey).get(path, headers);

/** What every answer but 200 has, so that each sort of client can show it. */
function expectError({ headers, json }: Answer, code: number, type: string, name: string): void {
  expect(headers.get('Content-Type')).toBe('application/json; charset=utf-8');
  expect(json).toEqual({
    code,
    description: expect.stringMatching(/\S/),
    result: null,
    properties: {},
    message: json.description,
    error: { message: json.description, type, code: name },
  });
}

describe('addresses', () => {
  test.each([
    ['/mj', null],
    ['/mj-fast/mj', 'fast'],
    ['/mj-relax/mj', 'relax'],
    ['/mj-turbo/mj', 'turbo'],
    ['/fast/mj', 'fast'],
    ['/relax/mj', 'relax'],
    ['/turbo/mj', 'turbo'],
    ['/mj-fast-relay/mj', 'fast'],
    ['/mj-proxy/mj', null],
    ['/mj/mj', null],
  ])(
    'submitting under %s draws at the speed %s, and polling under any other prefix finds it',
    async (prefix, speed) => {
      const { json } = await post(`${prefix}/submit/imagine`, { prompt: `a cat at ${prefix}` });
      expect([json.code, json.result]).toEqual([expect.any(Number), expect.stringMatching(/^\d{16}$/)]);
      for (const other of [prefix, '/mj', '/mj-turbo/mj']) {
        const { json: task } = await get(`${other}/task/${json.result}/fetch`);
        expect([task.id, task.mode]).toEqual([json.result, speed?.toUpperCase() ?? null]);
      }
      const { json: found } = await post(`${prefix}/task/list-by-condition`, { ids: [json.result] });
      expect(found).toHaveLength(1);
    },
  );

  test('the speed of the prefix beats body and prompt', async () => {
    const body = { prompt: 'a cat --turbo', accountFilter: { modes: ['TURBO'] }, mode: 'TURBO' };
    const { json } = await post('/mj-relax/mj/submit/imagine', body);
    const { json: task } = await client.get(`/task/${json.result}`);
    expect([task.speed, task.sent_prompt, task.prompt]).toEqual(['relax', 'a cat --relax', 'a cat --turbo']);
  });

  test.each([
    '/anything/mj/submit/imagine',
    '/mj-slow/mj/submit/imagine',
    '/mj-fast/submit/imagine',
    '/fast/submit/imagine',
    '/mj/nothing',
    '/mj/mj/mj/submit/imagine',
  ])('%s is 404, as JSON that helps', async (path) => {
    const answer = await post(path, { prompt: 'a cat' });
    expect(answer.status).toBe(404);
    expectError(answer, 4, 'invalid_request_error', 'not_found');
    expect(answer.json.description).toContain('/mj/submit/imagine');
  });

  test('a wrong method is 405, as JSON', async () => {
    const answer = await get('/mj/submit/imagine');
    expect([answer.status, answer.headers.get('Allow')]).toEqual([405, 'POST']);
    expectError(answer, 4, 'invalid_request_error', 'method_not_allowed');
  });

  test.each(['/mj', '/mj/', '/mj-fast/mj'])('GET %s is a note for people, without a key', async (path) => {
    const { status, json } = await readAnswer(await api.app.request(path));
    expect([status, json.code]).toEqual([200, 1]);
    expect(json.description).toContain('/docs');
  });

  test('there is nothing when MJ_API is 0', async () => {
    const app = createApp({ ...api.deps, config: { ...api.deps.config, MJ_API: false } });
    for (const path of ['/mj', '/mj/task/list', '/mj-fast/mj/task/list']) {
      const { status, headers } = await mjClient({ app }, client.appKey).get(path);
      expect([status, headers.get('Content-Type')]).toEqual([404, 'application/problem+json']);
    }
    const document = await readAnswer(await app.request('/openapi.json'));
    expect(document.text).not.toContain('"/mj/');
  });
});

describe('keys', () => {
  const list = async (headers: Record<string, string>) =>
    readAnswer(await api.app.request('/mj/task/list', { headers }));

  test('are taken in four spellings', async () => {
    const { appKey } = client;
    const spellings: Record<string, string>[] = [
      { 'mj-api-secret': appKey },
      { 'Mj-Api-Secret': `Bearer ${appKey}` },
      { Authorization: `Bearer ${appKey}` },
      { authorization: appKey },
    ];
    for (const headers of spellings) expect([headers, (await list(headers)).status]).toEqual([headers, 200]);
  });

  test.each(['Bearer stray', 'stray', 'Basic dXNlcjpwYXNz', 'midjourney-proxy', ''])(
    'an Authorization of "%s" does not shadow a valid mj-api-secret, nor that one a valid Authorization',
    async (stray) => {
      const { appKey } = client;
      expect((await list({ Authorization: stray, 'mj-api-secret': appKey })).status).toBe(200);
      expect((await list({ Authorization: `Bearer ${appKey}`, 'mj-api-secret': stray })).status).toBe(200);
    },
  );

  test.each<[Record<string, string>]>([
    [{}],
    [{ 'mj-api-secret': 'mj_wrong' }],
    [{ Authorization: 'Bearer mj_wrong' }],
    [{ Authorization: '' }],
  ])('without a valid one it is 401, as JSON: %j', async (headers) => {
    const answer = await list(headers);
    expect(answer.status).toBe(401);
    expectError(answer, 4, 'invalid_request_error', 'unauthorized');
  });

  test('no key is taken from the query', async () => {
    const answer = await readAnswer(await api.app.request(`/mj/task/list?mj-api-secret=${client.appKey}`));
    expect(answer.status).toBe(401);
  });

  test('a wrong key beside a right one closes no address', async () => {
    const strict = createApp({ ...api.deps, config: { ...api.deps.config, AUTH_FAILURES_PER_ADDRESS: 2 } });
    const ask = async (headers: Record<string, string>) =>
      (
        await strict.request(
          '/mj/task/list',
          { headers },
          { incoming: { socket: { remoteAddress: '192.0.2.7' } } },
        )
      ).status;
    for (let i = 0; i < 5; i++)
      expect(await ask({ 'mj-api-secret': 'mj_old', Authorization: client.appKey })).toBe(200);
    expect([await ask({ 'mj-api-secret': 'mj_1' }), await ask({ 'mj-api-secret': 'mj_2' })]).toEqual([
      401, 401,
    ]);
    // Now it is closed, but for keys that worked before, whatever stands beside them.
    expect(await ask({ 'mj-api-secret': 'mj_3' })).toBe(429);
    expect(await ask({ 'mj-api-secret': 'mj_old', Authorization: client.appKey })).toBe(200);
  });

  test('too many requests are 429, as JSON, with Retry-After', async () => {
    const config = { ...api.deps.config, RATE_LIMIT_PER_KEY: 1 };
    const strict = createApp({ ...api.deps, config });
    const { appKey } = await api.client('hasty');
    const ask = () => mjClient({ app: strict }, appKey).get('/mj/task/list');
    expect((await ask()).status).toBe(200);
    const answer = await ask();
    expect(answer.status).toBe(429);
    expectError(answer, 4, 'invalid_request_error', 'rate_limited');
    expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
  });
});

describe('pages of other sites', () => {
  const origin = { Origin: 'https://chat.example' };
  const allowed = 'access-control-allow-origin';

  test.each([
    '/mj/submit/imagine',
    '/mj-fast/mj/task/list',
    '/relax/mj/submit/imagine',
    '/anything/mj/nothing',
  ])('a preflight to %s carries no key and is 204', async (path) => {
    const response = await api.app.request(path, {
      method: 'OPTIONS',
      headers: {
        ...origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'content-type,mj-api-secret',
      },
    });
    expect([response.status, response.headers.get(allowed)]).toEqual([204, origin.Origin]);
    const lists = (name: string) => response.headers.get(name)?.toLowerCase().split(',') ?? [];
    expect(lists('access-control-allow-methods')).toEqual(
      expect.arrayContaining(['get', 'post', 'put', 'delete', 'options']),
    );
    expect(lists('access-control-allow-headers')).toEqual(
      expect.arrayContaining([
        'content-type',
        'accept',
        'accept-language',
        'authorization',
        'mj-api-secret',
        'x-ptoken',
        'x-requested-with',
      ]),
    );
    expect(Number(response.headers.get('access-control-max-age'))).toBeGreaterThanOrEqual(7_200);
  });

  test('may read answers, errors and pictures', async () => {
    const { appKey } = client;
    const asked: [number, Promise<Answer>][] = [
      [200, get('/mj/task/list', origin)],
      [401, mjClient(api, 'mj_wrong').get('/mj/task/list', origin)],
      [404, get('/mj/nothing', origin)],
      [404, get('/anything/mj/submit', origin)],
      [405, get('/mj/submit/imagine', origin)],
      [413, post('/mj/submit/change', 'x'.repeat(1_048_577), origin)],
      [200, get(`/mj/task/${'1'.repeat(5_000)}/fetch`, origin)],
      [404, get('/v1/images/none.png', origin)],
    ];
    for (const [status, answer] of asked) {
      const { headers, status: seen } = await answer;
      expect([seen, headers.get(allowed)]).toEqual([status, origin.Origin]);
    }
    const other = await mjClient(api, appKey).get('/mj/task/list', { Origin: 'https://evil.example' });
    expect(other.headers.has(allowed)).toBe(false);
  });
});

describe('bodies', () => {
  test.each([
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json;charset=UTF-8',
  ])('are JSON even as %s', async (type) => {
    const { json } = await post('/mj/submit/imagine', { prompt: 'a cat' }, { 'Content-Type': type });
    expect([1, 22]).toContain(json.code);
  });

  test('are JSON without a type', async () => {
    const response = await api.app.request('/mj/submit/imagine', {
      method: 'POST',
      headers: { 'mj-api-secret': client.appKey },
      body: new TextEncoder().encode('{"prompt":"a cat"}'),
    });
    expect([1, 22]).toContain((await readAnswer(response)).json.code);
  });

  test('may hold what nobody knows, and null and "" are nothing', async () => {
    const { json } = await post('/mj/submit/imagine', {
      prompt: 'a cat',
      instanceId: '',
      modes: [],
      remix: true,
      quality: 'hd',
      ar: '1:1',
      index: 1,
      notifyHook: '',
      state: null,
      base64: '',
      base64Array: null,
      botType: null,
      accountFilter: { instanceId: '', modes: [], remix: null },
    });
    expect([1, 22]).toContain(json.code);
  });

  test.each([
    ['', 'prompt'],
    ['null', 'prompt'],
    ['{"prompt":', 'not JSON'],
    ['[1]', 'JSON object'],
    ['"text"', 'JSON object'],
  ])('%j is refused with code 4 and HTTP 200', async (body, why) => {
    const { status, json } = await post('/mj/submit/imagine', body);
    expect([status, json.code, json.result, json.properties]).toEqual([200, 4, null, {}]);
    expect(json.description).toContain(why);
  });

  test('of a GET, and their type, are ignored', async () => {
    const server = createServer(getRequestListener(api.app.fetch));
    const port = await listen(server);
    for (const type of ['application/json', 'application/x-www-form-urlencoded']) {
      const headers = { 'mj-api-secret': client.appKey, 'Content-Type': type, 'Content-Length': 4 };
      const asked = request({ port, path: '/mj/task/list', headers, agent: false }).end('null');
      const [response] = await once(asked, 'response');
      expect([response.statusCode, JSON.parse(await text(response))]).toEqual([200, expect.any(Array)]);
    }
    server.close();
  });

  test('may be 40 MB where pictures come, and 413 as JSON beyond', async () => {
    // Blank, so that what is read is no picture, and refused as such.
    const body = (bytes: number) => `{"prompt":"a cat","base64Array":[5]${' '.repeat(bytes)}}`;
    const large = await post('/mj/submit/imagine', body(40_000_000));
    expect([large.status, large.json.code]).toEqual([200, 4]);
    const tooLarge = await post('/mj/submit/imagine', body(42_000_000));
    expect(tooLarge.status).toBe(413);
    expectError(tooLarge, 4, 'invalid_request_error', 'too_large');
    const elsewhere = await post('/mj/task/list-by-condition', body(2_000_000));
    expect(elsewhere.status).toBe(413);
  });

  test('are answered in compact JSON', async () => {
    const { text: wire, headers } = await post('/mj/submit/imagine', { prompt: 'a cat' });
    expect(headers.get('Content-Type')).toBe('application/json; charset=utf-8');
    expect(wire).toMatch(/^\{"code":(1|22),"description":"[^"]+","result":"\d{16}","properties":\{.*\}\}$/);
  });
});

test('what is a bug is 500 and code 9, and shows nothing of it', async () => {
  const broken = createApp({
    ...api.deps,
    freshLinks: Object.assign(async () => Promise.reject(new Error('secret')), { mayBeNeeded: () => false }),
  });
  const answer = await mjClient({ app: broken }, client.appKey).get('/mj/task/list');
  expect(answer.status).toBe(500);
  expectError(answer, 9, 'server_error', 'internal');
  expect(answer.text).not.toContain('secret');
});
