import { tasks } from '@midjourney-api/shared/database/schema';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestApi, type TestApi, taskId } from '../../../testing/open-test-api.ts';

let strict: TestApi;
let open: TestApi;
beforeAll(async () => {
  strict = await openTestApi();
  open = await openTestApi({ ALLOW_PRIVATE_HOOKS: '1' });
});
afterAll(() => Promise.all([strict.close(), open.close()]));

test.each([
  ['https://127.0.0.1/', 'notify_hook: must lead to a public address.'],
  ['https://169.254.169.254/latest/meta-data/', 'notify_hook: must lead to a public address.'],
  ['https://[::ffff:10.0.0.1]:8443/', 'notify_hook: must lead to a public address.'],
  ['https://localhost/', 'notify_hook: must lead to a public address.'],
  ['http://hooks.example/', 'notify_hook: must be an https URL.'],
])('%s is refused, and nothing is charged', async (notifyHook, detail) => {
  const client = await strict.client(`user-${notifyHook.replaceAll(/\W/g, '')}`);
  const refused = await client.post('/imagine', { prompt: 'a cat', notify_hook: notifyHook });
  expect([refused.status, refused.json.code, refused.json.detail]).toEqual([400, 'invalid_request', detail]);
  expect(refused.json.errors).toEqual([{ path: 'notify_hook', message: expect.any(String) }]);
  expect((await client.get('/me')).json.token_use).toBe(0);
});

test.each([
  ['https://hooks.example/midjourney?for=me', () => strict],
  ['http://127.0.0.1:3000/', () => open],
] as const)('%s is kept with the task', async (notifyHook, where) => {
  const api = where();
  const client = await api.client('someone');
  const { trigger_id } = (await client.post('/imagine', { prompt: 'a cat', notify_hook: notifyHook })).json;
  expect(await stored(api, trigger_id)).toMatchObject({ notifyHook, notify: 'all' });
});

test('which changes it is sent is kept too', async () => {
  const client = await strict.client('brief');
  const body = { prompt: 'a cat', notify_hook: 'https://hooks.example/' };
  const { trigger_id } = (await client.post('/imagine', { ...body, notify: 'final' })).json;
  expect((await stored(strict, trigger_id))?.notify).toBe('final');
  const refused = await client.post('/imagine', { ...body, notify: 'some' });
  expect([refused.status, refused.json.detail]).toEqual([400, 'notify: must be "all" or "final".']);
});

test('an empty one is none', async () => {
  const client = await strict.client('none');
  const { trigger_id } = (await client.post('/imagine', { prompt: 'a cat', notify_hook: '' })).json;
  expect((await stored(strict, trigger_id))?.notifyHook).toBeNull();
});

async function stored(api: TestApi, id: string) {
  const [task] = await api.deps.db
    .select()
    .from(tasks)
    .where(eq(tasks.id, taskId(id)));
  return task;
}
