import { accounts } from '@midjourney-api/shared/database/schema';
import { findTask } from '@midjourney-api/shared/tasks/find-tasks';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestApi, sent, type TestApi, type TestClient, taskId } from '../testing/open-test-api.ts';
import { failUnfollowedTasks } from './fail-unfollowed-tasks.ts';

let api: TestApi;
let client: TestClient;
let id: string;
beforeEach(async () => {
  api = await openTestApi();
  client = await api.client('somebody');
  id = (await client.post('/imagine', { prompt: 'a cat' })).json.trigger_id;
  await api.happen(id, ...sent());
});
afterEach(() => api.close());

const leaseUntil = (leaseUntil: Date | null) => api.deps.db.update(accounts).set({ leaseUntil });
const later = () => new Date(Date.now() + api.deps.config.TASK_DEADLINE_MS + 120_000);
const ago = () => new Date(Date.now() - 60_000);

it.each([
  ['given away', () => leaseUntil(null)],
  ['its worker’s that died', () => leaseUntil(ago())],
  ['gone', () => api.deps.db.delete(accounts)],
])('ends a task whose account is %s, and gives its token back', async (_name, happen) => {
  await happen();
  expect(await failUnfollowedTasks(api.deps, new Date())).toBe(0);
  expect(await failUnfollowedTasks(api.deps, later())).toBe(1);
  const task = (await client.get(`/task/${id}`)).json;
  expect(task).toMatchObject({ status: 'failed', fail_code: 'timeout', token: 'refunded' });
  expect((await findTask(api.deps.db, taskId(id)))?.failDetail).toContain('"default"');
  const refunds = await api.deps.metrics.registry.getSingleMetricAsString('midjourney_refunds_total');
  expect(refunds).toContain('reason="timeout"');
  expect(await failUnfollowedTasks(api.deps, later())).toBe(0);
});

it('leaves it to the worker that has the account', async () => {
  await leaseUntil(new Date(later().getTime() + 10_000));
  expect(await failUnfollowedTasks(api.deps, later())).toBe(0);
});

it('leaves what was not sent', async () => {
  await leaseUntil(null);
  await client.post('/imagine', { prompt: 'a dog' });
  expect(await failUnfollowedTasks(api.deps, later())).toBe(1);
});
