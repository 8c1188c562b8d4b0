import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../../../test/eventually.ts';
import { openTestApi, type TestApi } from '../../testing/open-test-api.ts';
import { createUserWaitingLimit } from './user-waiting-limit.ts';

let api: TestApi;
beforeEach(async () => {
  api = await openTestApi({ WAITING_LIMIT_PER_USER: '5' });
});
afterEach(() => api.close());

it('refuses what a user wants beyond it, and charges nothing', async () => {
  const client = await api.client('many');
  for (let i = 0; i < 5; i++) await client.post('/imagine', { prompt: `${i}` });
  // They are counted once a second.
  await eventually(async () => {
    const refused = await client.post('/imagine', { prompt: 'too many' });
    expect([refused.status, refused.json.code]).toEqual([503, 'queue_full']);
  });
  const { token_use } = (await client.get('/me')).json;
  expect(token_use).toBe((await client.get('/tasks?limit=100')).json.data.length);
});

it('counts what each user has waiting, once a second', async () => {
  const [many, few] = [await api.client('many'), await api.client('few')];
  for (let i = 0; i < 3; i++) await many.post('/imagine', { prompt: `${i}` });
  await few.post('/imagine', { prompt: 'mine' });
  const [one, two] = await api.deps.db.query.users.findMany({ orderBy: ({ id }) => id });
  let now = 0;
  const limit = createUserWaitingLimit(api.deps.db, 3, () => now);
  expect(await limit.isReached(one?.id ?? 0)).toBe(true);
  expect(await limit.isReached(two?.id ?? 0)).toBe(false);

  await few.post('/imagine', { prompt: 'more' });
  await few.post('/imagine', { prompt: 'still more' });
  expect(await limit.isReached(two?.id ?? 0)).toBe(false);
  now += 1_000;
  expect(await limit.isReached(two?.id ?? 0)).toBe(true);
});
