import { users } from '@midjourney-api/shared/database/schema';
import { createAppKey, hashAppKey } from '@midjourney-api/shared/users/app-key';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../app.ts';
import { openTestApi, readAnswer, type TestApi } from '../../testing/open-test-api.ts';
import { apiPrefix } from '../app-env.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

/** Asks each of three replicas, which share nothing but MySQL and Redis. */
async function askAll(appKey: string, replicas: Pick<TestApi['app'], 'request'>[]) {
  const headers = { Authorization: `Bearer ${appKey}` };
  const answers = await Promise.all(
    replicas.map(async (app) => readAnswer(await app.request(`${apiPrefix}/me`, { headers }))),
  );
  return answers.map(({ status, json }) => [status, json.code]);
}

/** As another process would: nothing in this one hears of it. */
async function change(userName: string, values: Partial<typeof users.$inferInsert>): Promise<void> {
  await api.deps.db.update(users).set(values).where(eq(users.userName, userName));
}

const accepted = Array(3).fill([200, undefined]);
const refused = Array(3).fill([403, 'auth_failed']);

// A look-up is cached for a short time. The limit is far above that, for a busy machine.
test('a disabled user is refused by every replica within a second, and let in again', async () => {
  const { appKey, userName } = await api.client('disabled');
  const replicas = [api.app, createApp(api.deps), createApp(api.deps)];
  for (let i = 0; i < 3; i++) expect(await askAll(appKey, replicas)).toEqual(accepted);
  await change(userName, { disabledAt: new Date() });
  await expect.poll(() => askAll(appKey, replicas), { timeout: 5_000 }).toEqual(refused);
  await change(userName, { disabledAt: null });
  await expect.poll(() => askAll(appKey, replicas), { timeout: 5_000 }).toEqual(accepted);
});

test('a replaced key is refused by every replica within a second, and the new one taken at once', async () => {
  const { appKey, userName } = await api.client('rotated');
  const replicas = [api.app, createApp(api.deps), createApp(api.deps)];
  for (let i = 0; i < 3; i++) expect(await askAll(appKey, replicas)).toEqual(accepted);
  const newKey = createAppKey();
  await change(userName, { appKey: hashAppKey(newKey) });
  expect(await askAll(newKey, replicas)).toEqual(accepted);
  await expect.poll(() => askAll(appKey, replicas), { timeout: 5_000 }).toEqual(refused);
});

test('a key that was refused once is taken as soon as its user is enabled', async () => {
  const { appKey, userName } = await api.client('enabled');
  await change(userName, { disabledAt: new Date() });
  expect(await askAll(appKey, [api.app, api.app, api.app])).toEqual(refused);
  await change(userName, { disabledAt: null });
  await expect.poll(() => askAll(appKey, [api.app, api.app, api.app]), { timeout: 5_000 }).toEqual(accepted);
});
