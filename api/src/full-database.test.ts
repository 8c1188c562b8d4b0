import { connectDatabase, isDatabaseUnreachable } from '@midjourney-api/shared/database/connect';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createApp } from './app.ts';
import { apiPrefix } from './http/app-env.ts';
import { openTestApi, readAnswer, type TestApi } from './testing/open-test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

async function ownConnection() {
  const { rows } = await api.deps.db
    .execute(sql`select database() as name`)
    .then(([found]) => ({ rows: found as unknown as [{ name: string }] }));
  return connectDatabase({ ...inject('services').db, database: rows[0].name, poolSize: 1 });
}

test('a MySQL that takes no changes is answered with 503, and with work when it does again', async () => {
  const { appKey } = await api.client('someone');
  const { db, close } = await ownConnection();
  const app = createApp({ ...api.deps, db });
  const submit = async () =>
    readAnswer(
      await app.request(`${apiPrefix}/imagine`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${appKey}`, 'Content-Type': 'application/json' },
        body: '{"prompt":"a cat"}',
      }),
    );
  await db.execute(sql`set session transaction read only`);
  const { status, json, headers } = await submit();
  expect([status, json.code, headers.get('Retry-After')]).toEqual([503, 'unavailable', '5']);
  expect(json.detail).toContain('full or read-only');
  await db.execute(sql`set session transaction read write`);
  expect((await submit()).status).toBe(200);
  await close();
});

test('a table that is full is a database that takes no changes', async () => {
  const { db, close } = await ownConnection();
  await db.execute(sql`set session max_heap_table_size = 16384`);
  await db.execute(sql`create table small (text varchar(250) not null) engine = memory`);
  const fill = async () => {
    for (;;) await db.execute(sql`insert into small values (repeat('x', 250))`);
  };
  await expect(fill()).rejects.toSatisfy(isDatabaseUnreachable);
  await close();
});
