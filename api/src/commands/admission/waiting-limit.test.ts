import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestApi, type TestApi } from '../../testing/open-test-api.ts';
import { createWaitingLimit } from './waiting-limit.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ WAITING_LIMIT: '1' });
});
afterAll(() => api.close());

test('a submit beyond the limit is refused with a Retry-After and costs nothing, whatever the speed of those that wait', async () => {
  const client = await api.client('someone');
  const waiting = { ...aTask({ id: '1234567890' as never, speed: 'relax' }), userName: 'someone' };
  await api.deps.queues.addTasks([waiting]);
  const response = await client.post('/imagine', { prompt: 'a cat' });
  expect([response.status, response.json.code]).toEqual([503, 'queue_full']);
  expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0);
  expect((await client.get('/me')).json.token_use).toBe(0);
});

test('the jobs are counted once a second, for all callers', async () => {
  let counted = 0;
  let now = 0;
  const queue: Parameters<typeof createWaitingLimit>[0][number] = {
    getJobCounts: async () => {
      counted += 1;
      return { waiting: 3, prioritized: 2 };
    },
  };
  const limit = createWaitingLimit([queue], 5, () => now);
  expect(await Promise.all([limit.isReached(), limit.isReached()])).toEqual([true, true]);
  now = 999;
  await limit.isReached();
  expect(counted).toBe(1);
  now = 1_000;
  await limit.isReached();
  expect(counted).toBe(2);
  expect(await createWaitingLimit([queue], 6).isReached()).toBe(false);
});

test('nobody is refused while Redis does not say', async () => {
  const drawings = { getJobCounts: () => Promise.reject(new Error('away')) };
  expect(await createWaitingLimit([drawings], 1).isReached()).toBe(false);
});
