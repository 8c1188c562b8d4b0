import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestApi, readAnswer, type TestApi, type TestClient } from '../../testing/open-test-api.ts';
import { apiPrefix } from '../app-env.ts';

let api: TestApi;
let client: TestClient;
let operator: TestClient;
beforeAll(async () => {
  api = await openTestApi();
  client = await api.client('someone');
  operator = await api.client('operator', 0, 'operator');
});
afterAll(() => api.close());

const page = async (path: string, headers = {}) => readAnswer(await api.app.request(path, { headers }));

describe('every answer says that it is what it is, and nothing to frame or to run', () => {
  test.each([
    ['a route', () => client.get('/me')],
    ['a problem', () => client.get('/task/1234567890')],
    ['a refused key', () => page(`${apiPrefix}/me`)],
    ['an unknown address', () => page('/nothing')],
    ['a wrong method', () => page('/healthz', {})],
    ['readiness', () => page('/readyz')],
    ['the OpenAPI document', () => page('/openapi.json')],
  ])('%s', async (_title, ask) => {
    const { headers } = await ask();
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
    expect(headers.has('access-control-allow-origin')).toBe(false);
    expect(headers.has('x-powered-by')).toBe(false);
  });

  test.each(['/', '/docs', '/docs/start.js', '/admin/queues'])(
    '%s runs its own scripts only',
    async (path) => {
      const { status, headers } = await page(path, {
        Authorization: `Basic ${btoa(`any:${operator.appKey}`)}`,
      });
      expect(status).toBe(200);
      expect(headers.get('Content-Security-Policy')).toMatch(/default-src '(none|self)'/);
      expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('Content-Security-Policy')).not.toMatch(/script-src[^;]*unsafe|https?:/);
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('X-Frame-Options')).toBe('DENY');
    },
  );
});

describe('a page of another site', () => {
  const preflight = async (app: TestApi['app'], origin: string) =>
    app.request(`${apiPrefix}/imagine`, {
      method: 'OPTIONS',
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,content-type,idempotency-key',
      },
    });

  test('may not call the api', async () => {
    const response = await preflight(api.app, 'https://app.example');
    expect(response.headers.has('access-control-allow-origin')).toBe(false);
    const { headers } = await client.get('/me', { headers: { Origin: 'https://app.example' } });
    expect(headers.has('access-control-allow-origin')).toBe(false);
  });

  test('may when CORS_ORIGINS names it, and no other', async () => {
    const open = await openTestApi({ CORS_ORIGINS: 'https://app.example https://two.example' });
    const user = await open.client('someone');
    const allowed = await preflight(open.app, 'https://two.example');
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'https://two.example',
    ]);
    expect(allowed.headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
    expect(allowed.headers.has('access-control-allow-credentials')).toBe(false);
    const { status, headers } = await user.get('/me', { headers: { Origin: 'https://app.example' } });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([200, 'https://app.example']);
    expect(headers.get('access-control-expose-headers')?.split(',')).toEqual(
      expect.arrayContaining(['RateLimit', 'Idempotency-Replayed', 'Content-Range']),
    );
    const picture = await open.app.request('/v1/images/none', { headers: { Origin: 'https://app.example' } });
    expect(picture.headers.get('access-control-allow-origin')).toBe('https://app.example');
    const other = await preflight(open.app, 'https://evil.example');
    expect(other.headers.has('access-control-allow-origin')).toBe(false);
    const board = await open.app.request('/admin/queues', { headers: { Origin: 'https://app.example' } });
    expect(board.headers.has('access-control-allow-origin')).toBe(false);
    await open.close();
  });
});

test('an address longer than any that is needed is refused', async () => {
  const { status, json } = await client.get(`/tasks?cursor=${'x'.repeat(5_000)}`);
  expect([status, json.code, json.detail]).toEqual([
    400,
    'invalid_request',
    'The address is longer than 4096 characters.',
  ]);
});
