import { environmentAccount } from '@midjourney-api/shared/accounts/accounts';
import { accounts } from '@midjourney-api/shared/database/schema';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { finishedGrid, openTestApi, sent, type TestApi, type TestClient } from '../testing/open-test-api.ts';
import { failStrandedTasks } from './fail-stranded-tasks.ts';

let api: TestApi;
let client: TestClient;
let id: string;
beforeEach(async () => {
  api = await openTestApi();
  client = await api.client('somebody');
  const grid = (await client.post('/imagine', { prompt: 'a cat' })).json.trigger_id;
  await api.happen(grid, ...sent(), finishedGrid());
  id = (await client.post('/upscale', { trigger_id: grid, index: 1 })).json.trigger_id;
  await stands({ state: 'ready' });
});
afterEach(() => api.close());

const stands = (change: Partial<typeof accounts.$inferInsert>) =>
  api.deps.db.update(accounts).set(change).where(eq(accounts.name, environmentAccount));
const later = () => new Date(Date.now() + api.deps.config.ACCOUNT_WAIT_MS + 60_000);
/** The account's worker is still there then. */
const hasWorker = () => stands({ leaseUntil: new Date(later().getTime() + 60_000) });
const outcome = async () => (await client.get(`/task/${id}`)).json;

it('leaves a follow-up whose account draws, however long it waits', async () => {
  await hasWorker();
  expect(await failStrandedTasks(api.deps, later())).toBe(0);
  expect(await outcome()).toMatchObject({ status: 'queued' });
});

it.each([
  ['is refused', { state: 'refused' as const }],
  ['is disabled', { enabled: false }],
  ['is out of reach', { state: 'connecting' as const }],
])('fails a follow-up whose account %s for too long, and gives its token back', async (why, change) => {
  await hasWorker();
  await stands({ ...change, since: new Date() });
  expect(await failStrandedTasks(api.deps, new Date())).toBe(0);
  expect(await failStrandedTasks(api.deps, later())).toBe(1);
  expect(await outcome()).toMatchObject({
    status: 'failed',
    fail_code: 'account_unavailable',
    token: 'refunded',
  });
  expect((await outcome()).fail_reason).toContain(why);
  expect(await failStrandedTasks(api.deps, later())).toBe(0);
});

it('fails a follow-up whose account is gone', async () => {
  await api.deps.db.delete(accounts);
  expect(await failStrandedTasks(api.deps, later())).toBe(1);
});

it('leaves new drawings, which any account may take', async () => {
  await client.post('/imagine', { prompt: 'a dog' });
  await stands({ enabled: false });
  expect(await failStrandedTasks(api.deps, later())).toBe(1);
});
