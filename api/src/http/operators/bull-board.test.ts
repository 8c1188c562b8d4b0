import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestApi, readAnswer, type TestApi } from '../../testing/open-test-api.ts';

let api: TestApi;
let operator: Record<string, string>;
let user: Record<string, string>;

function basic(password: string): Record<string, string> {
  return { Authorization: `Basic ${btoa(`anyone:${password}`)}` };
}

beforeAll(async () => {
  api = await openTestApi();
  operator = basic((await api.client('operator', 0, 'operator')).appKey);
  user = basic((await api.client('someone')).appKey);
});
afterAll(() => api.close());

async function request(path: string, headers: Record<string, string>, method = 'GET', app = api.app) {
  return readAnswer(await app.request(path, { headers, method }));
}

test.each(['/admin/queues', '/admin/queues/api/queues', '/admin/queues/static/js/x.js'])(
  '%s wants credentials, and accepts an operator’s only',
  async (path) => {
    const nobody = await request(path, {});
    expect([nobody.status, nobody.json.code]).toEqual([401, 'credentials_required']);
    expect(nobody.headers.get('WWW-Authenticate')).toMatch(/^Basic realm=/);
    expect((await request(path, basic('mj_wrong'))).status).toBe(401);
    const ordinary = await request(path, user);
    expect([ordinary.status, ordinary.json.code]).toEqual([403, 'forbidden']);
  },
);

test('shows the page, its assets and the queues', async () => {
  const page = await request('/admin/queues', operator);
  expect(page.status).toBe(200);
  const base = /<base href="([^"]+)"/.exec(page.text)?.[1];
  expect(base).toBe('/admin/queues/');
  const script = /src="(static\/js\/main[^"]+)"/.exec(page.text)?.[1];
  expect((await request(`${base}${script}`, operator)).status).toBe(200);

  const { json } = await request('/admin/queues/api/queues?page=1', operator);
  const queues = json.queues as { name: string; readOnlyMode: boolean }[];
  expect(queues.map(({ name }) => name)).toEqual([
    'drawings',
    'drawings-fast',
    'drawings-relax',
    'drawings-turbo',
    'account-default',
    'uploads',
    'hooks',
    'images',
    'maintenance',
  ]);
  expect(queues.every(({ readOnlyMode }) => readOnlyMode)).toBe(true);
});

test('its own links, which end in a slash, lead to the page', async () => {
  expect((await request('/admin/queues/', operator)).text).toContain('<base href="/admin/queues/"');
});

test.each([
  ['PUT', '/api/queues/pause'],
  ['PUT', '/api/queues/resume'],
  ['POST', '/api/queues/drawings/add'],
  ['PUT', '/api/queues/drawings/retry/failed'],
  ['PUT', '/api/queues/drawings/promote'],
  ['PUT', '/api/queues/drawings/clean/waiting'],
  ['PUT', '/api/queues/drawings/concurrency'],
  ['PUT', '/api/queues/drawings/rate-limit'],
  ['PUT', '/api/queues/drawings/empty'],
  ['PUT', '/api/queues/drawings/obliterate'],
  ['PUT', '/api/queues/maintenance/job-schedulers/reconcile/remove'],
  ['PATCH', '/api/queues/maintenance/job-schedulers/reconcile'],
  ['PUT', '/api/queues/drawings/task-1/retry'],
  ['PUT', '/api/queues/drawings/task-1/clean'],
  ['PUT', '/api/queues/drawings/task-1/promote'],
  ['PATCH', '/api/queues/drawings/task-1/update-data'],
  ['POST', '/api/metrics/history/purge'],
  ['DELETE', '/api/queues/drawings'],
])('has no %s %s while it is read-only', async (method, path) => {
  const headers = { ...operator, 'Sec-Fetch-Site': 'same-origin' };
  const { status, json } = await request(`/admin/queues${path}`, headers, method);
  expect([status, json.code, json.detail]).toEqual([
    405,
    'method_not_allowed',
    'Jobs can be changed here once ADMIN_WRITE=1 is set.',
  ]);
});

test('changes nothing unless ADMIN_WRITE says so', async () => {
  const headers = { ...operator, 'Sec-Fetch-Site': 'same-origin' };
  expect((await request('/admin/queues/api/queues/drawings/pause', headers, 'PUT')).status).toBe(405);
  expect(await api.deps.queues.drawings.isPaused()).toBe(false);

  const writable = await openTestApi({ ADMIN_WRITE: '1' });
  const { appKey } = await writable.client('operator', 0, 'operator');
  const pause = (site: string) =>
    request(
      '/admin/queues/api/queues/drawings/pause',
      { ...basic(appKey), 'Sec-Fetch-Site': site },
      'PUT',
      writable.app,
    );
  expect((await pause('cross-site')).status).toBe(403);
  expect(await writable.deps.queues.drawings.isPaused()).toBe(false);
  const paused = await pause('same-origin');
  expect(paused.status).toBe(200);
  expect(await writable.deps.queues.drawings.isPaused()).toBe(true);
  await writable.close();
});
