import { setUserDisabled } from '@midjourney-api/shared/users/change-user';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiPrefix } from './http/app-env.ts';
import { openTestApi, readAnswer, type TestApi, type TestClient } from './testing/open-test-api.ts';

let api: TestApi;
let client: TestClient;
beforeAll(async () => {
  api = await openTestApi();
  client = await api.client('someone');
});
afterAll(() => api.close());

async function request(path: string, init: RequestInit = {}) {
  return readAnswer(await api.app.request(path, init));
}

describe('authentication', () => {
  const routes: [string, string][] = [
    ...[
      '/imagine',
      '/upscale',
      '/variation',
      '/reset',
      '/solo_variation',
      '/solo_low_variation',
      '/solo_high_variation',
      '/expand',
      '/zoomout',
      '/describe',
      '/upload',
      '/message',
      '/queue/release',
    ].map((path): [string, string] => ['POST', path]),
    ['GET', '/task/1234567890'],
    ['GET', '/tasks'],
    ['GET', '/me'],
  ];
  test.each(routes)('%s %s needs a key', async (method, path) => {
    const { status, json, headers } = await request(apiPrefix + path, { method });
    expect([status, json.code]).toEqual([403, 'auth_failed']);
    expect(headers.get('WWW-Authenticate')).toBe('Bearer');
  });

  test.each([
    ['malformed', 'Basic abc', 'must read'],
    ['malformed', 'Bearer', 'must read'],
    ['malformed', 'Bearer two words', 'must read'],
    ['unknown', 'Bearer mj_nobody', 'not known'],
  ])('refuses a key that is %s: %s', async (_why, authorization, sentence) => {
    const { status, json } = await request(`${apiPrefix}/me`, { headers: { Authorization: authorization } });
    expect([status, json.code]).toEqual([403, 'auth_failed']);
    expect(json.detail).toContain(sentence);
  });

  test('takes the scheme in any case', async () => {
    const { status } = await request(`${apiPrefix}/me`, {
      headers: { Authorization: `bearer ${client.appKey}` },
    });
    expect(status).toBe(200);
  });

  test('refuses a disabled user', async () => {
    const disabled = await api.client('disabled');
    await setUserDisabled(api.deps.db, 'disabled', true);
    const { status, json } = await disabled.get('/me');
    expect([status, json.code]).toEqual([403, 'auth_failed']);
    expect(json.detail).toContain('disabled');
  });

  test('failures are logged, keys never', async () => {
    await request(`${apiPrefix}/me`, { headers: { Authorization: 'Bearer mj_secret' } });
    expect(api.logged).toContainEqual(
      expect.objectContaining({ level: 30, msg: 'authentication failed', reason: 'unknown' }),
    );
    expect(JSON.stringify(api.logged)).not.toContain('mj_secret');
  });
});

describe('errors', () => {
  const problemBody = (status: number, code: string) => ({
    type: 'about:blank',
    title: expect.any(String),
    status,
    code,
    detail: expect.stringMatching(/\.$/),
    request_id: expect.any(String),
  });

  test.each<[string, () => Promise<Awaited<ReturnType<typeof request>>>, number, string]>([
    ['no JSON', () => client.post('/imagine', '{'), 400, 'invalid_request'],
    ['an array', () => client.post('/imagine', []), 400, 'invalid_request'],
    [
      'another content type',
      () => client.post('/imagine', 'prompt=a', { 'Content-Type': 'application/x-www-form-urlencoded' }),
      400,
      'invalid_request',
    ],
    [
      'a text',
      () => client.post('/imagine', '{"prompt":"a"}', { 'Content-Type': 'text/plain' }),
      400,
      'invalid_request',
    ],
    ['no file', () => client.post('/upload', { file: 'x' }), 400, 'invalid_request'],
    ['a body over 1 MiB', () => client.post('/imagine', { prompt: 'x'.repeat(1_048_576) }), 413, 'too_large'],
    ['an unknown address', () => client.get('/nope'), 404, 'not_found'],
    ['an unknown address outside the prefix', () => request('/nope'), 404, 'not_found'],
    ['another method', () => client.get('/imagine'), 405, 'method_not_allowed'],
    ['a banned word', () => client.post('/imagine', { prompt: 'a GORY scene' }), 400, 'banned_prompt'],
    ['no operator', () => request('/admin/queues'), 401, 'credentials_required'],
  ])('%s is answered with a problem', async (_title, ask, status, code) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    expect(answer.json).toMatchObject(problemBody(status, code));
    expect(answer.headers.get('X-Request-Id')).toBe(answer.json.request_id);
  });

  test('says which methods there are', async () => {
    expect((await client.get('/imagine')).headers.get('Allow')).toBe('POST');
  });

  test('names the banned word and charges nothing', async () => {
    const own = await api.client('banned');
    const { json } = await own.post('/imagine', { prompt: 'a gory scene' });
    expect(json.detail).toContain('"gory"');
    expect((await own.get('/me')).json.token_use).toBe(0);
  });

  test('a bug is a 500 that shows nothing of it, and is logged with the request id', async () => {
    const broken = await openTestApi();
    const someone = await broken.client('someone');
    await broken.deps.db.execute('DROP TABLE tasks');
    const { status, json, text } = await someone.get('/tasks');
    expect([status, json.code]).toEqual([500, 'internal']);
    expect(text).not.toContain('tasks');
    expect(broken.logged).toContainEqual(
      expect.objectContaining({ level: 50, request_id: json.request_id, err: expect.anything() }),
    );
    await broken.close();
  });
});

describe('requests', () => {
  test('keep a sane X-Request-Id and get one otherwise', async () => {
    const ask = async (id: string) =>
      (await request('/healthz', { headers: { 'X-Request-Id': id } })).headers.get('X-Request-Id');
    expect(await ask('my-request_1')).toBe('my-request_1');
    expect(await ask('a b"<script>')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await ask('x'.repeat(300))).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('are logged with method, path without query, status, time and user', async () => {
    await client.get('/tasks?limit=7', { headers: { 'X-Request-Id': 'logged-1' } });
    expect(api.logged).toContainEqual(
      expect.objectContaining({
        request_id: 'logged-1',
        method: 'GET',
        path: `${apiPrefix}/tasks`,
        status: 200,
        ms: expect.any(Number),
        user: 'someone',
        msg: 'request',
      }),
    );
  });

  test('token movements are logged', async () => {
    const { trigger_id } = (await client.post('/imagine', { prompt: 'a cat' })).json;
    expect(api.logged).toContainEqual(
      expect.objectContaining({ level: 30, task: trigger_id, msg: expect.stringContaining('reserved') }),
    );
  });
});
