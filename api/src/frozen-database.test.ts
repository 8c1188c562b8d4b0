import { connectDatabase } from '@midjourney-api/shared/database/connect';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type StallingProxy, startStallingProxy } from '../../test/stalling-proxy.ts';
import { createApp } from './app.ts';
import { apiPrefix } from './http/app-env.ts';
import { openTestApi, readAnswer, type TestApi, type TestClient } from './testing/open-test-api.ts';

const timeoutMs = 800;

let api: TestApi;
let client: TestClient;
let proxy: StallingProxy;
beforeAll(async () => {
  api = await openTestApi();
  client = await api.client('someone');
  const { host, port } = inject('services').db;
  proxy = await startStallingProxy(port, host);
});
afterAll(async () => {
  await proxy.close();
  await api.close();
});

test('a MySQL that answers nothing is answered with 503 in time, and with work when it is back', async () => {
  const [[name]] = (await api.deps.db.execute(sql`select database() as name`)) as unknown as [
    [{ name: string }],
  ];
  const access = { ...inject('services').db, host: '127.0.0.1', port: proxy.port, database: name.name };
  const connection = connectDatabase({ ...access, poolSize: 2, timeoutMs });
  const app = createApp({ ...api.deps, db: connection.db });
  const ask = async (path: string, init: RequestInit = {}) =>
    readAnswer(
      await app.request(apiPrefix + path, {
        ...init,
        headers: { Authorization: `Bearer ${client.appKey}`, 'Content-Type': 'application/json' },
      }),
    );
  const submit = () => ask('/imagine', { method: 'POST', body: '{"prompt":"a cat"}' });
  expect((await submit()).status).toBe(200);

  proxy.stall();
  const start = performance.now();
  const answers = await Promise.all([
    ...Array.from({ length: 40 }, submit),
    ask('/tasks'),
    ask('/task/1234567890?wait=60'),
    ask('/queue/release', { method: 'POST', body: '{"trigger_id":"1234567890"}' }),
  ]);
  expect(performance.now() - start).toBeLessThan(10 * timeoutMs);
  for (const { status, json, headers } of answers) {
    expect([status, json.code, headers.get('Retry-After')]).toEqual([503, 'unavailable', '5']);
  }
  expect(api.logged.filter(({ level }) => level === 50)).toEqual([]);

  proxy.resume();
  await expect.poll(async () => (await submit()).status).toBe(200);
  expect((await client.get('/me')).json.token_use).toBe(2);
  await connection.close();
});
