import { tasks } from '@midjourney-api/shared/database/schema';
import { createUser, getUser, type User } from '@midjourney-api/shared/users/users';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { createPreparePrompt } from './prompts/prepare-prompt.ts';
import { imagineRequest } from './requests/imagine.ts';
import { shortenRequest } from './requests/shorten.ts';
import type { TaskRequest } from './requests/task-request.ts';
import { createSubmit, type Order, type Submit } from './submit.ts';

/** What any dialect can rely on, whatever it is spoken over. */

let api: TestApi;
let submit: Submit;
beforeAll(async () => {
  api = await openTestApi();
  submit = createSubmit(api.deps);
});
afterAll(() => api.close());

async function user(userName: string, tokenTotal = 10): Promise<User> {
  await createUser(api.deps.db, { userName, tokenTotal });
  return getUser(api.deps.db, userName);
}

const aCat: TaskRequest = {
  triggerType: 'generate',
  action: { kind: 'imagine', prompt: 'a cat' },
  prompt: 'a cat',
};
const order = (by: User, more: Partial<Order> = {}): Order => ({
  user: by,
  requestId: 'request-1',
  request: aCat,
  ...more,
});
const once = { key: 'order-4711', route: '/draw', body: { words: 'a cat' } };

async function refusal(refused: Promise<unknown>) {
  const { name, code, errors, retryAfter } = await refused.then(
    () => expect.unreachable('it was accepted'),
    (error) => error,
  );
  return { name, code, errors, retryAfter };
}

test('accepts plain values, and keeps them with the task', async () => {
  const someone = await user('plain');
  const hook = { url: 'https://hooks.example/mine', notify: 'final', dialect: 'v1' } as const;
  const { task, replayed } = await submit(order(someone, { hook, state: 'mine' }));
  expect(replayed).toBe(false);
  const [stored] = await api.deps.db.select().from(tasks).where(eq(tasks.id, task.id));
  expect(stored).toMatchObject({
    userId: someone.id,
    status: 'queued',
    prompt: 'a cat',
    notifyHook: hook.url,
    notify: 'final',
    state: 'mine',
    requestId: 'request-1',
  });
  expect((await getUser(api.deps.db, 'plain')).tokenUse).toBe(1);
});

describe('an order with a key', () => {
  test('is answered with the first task when it is repeated, and its request is not made again', async () => {
    const someone = await user('repeats');
    const first = await submit(order(someone, { once }));
    const repeated = await submit(
      order(someone, {
        once,
        request: () => expect.unreachable('the request was made again'),
      }),
    );
    expect(repeated).toEqual({ task: expect.objectContaining({ id: first.task.id }), replayed: true });
    expect((await getUser(api.deps.db, 'repeats')).tokenUse).toBe(1);
  });

  test.each([
    ['another body', { ...once, body: { words: 'a dog' } }],
    ['another route', { ...once, route: '/shorten' }],
  ])('is refused when it comes with %s', async (name, other) => {
    const someone = await user(`conflict ${name}`.replaceAll(' ', '-'));
    await submit(order(someone, { once }));
    expect(await refusal(submit(order(someone, { once: other })))).toMatchObject({
      name: 'Refusal',
      code: 'idempotency_conflict',
    });
  });

  test('that was refused can be sent again with the same key', async () => {
    const someone = await user('second-try');
    const refused = () => imagineRequest(preparing(), someone, { text: 'gore' });
    expect(await refusal(submit(order(someone, { once, request: refused })))).toMatchObject({
      code: 'banned_prompt',
    });
    expect(await submit(order(someone, { once }))).toMatchObject({ replayed: false });
  });
});

describe('refuses, and reserves nothing', () => {
  test('a hook that may not be called', async () => {
    const someone = await user('hook');
    const hook = { url: 'https://127.0.0.1/', notify: 'all', dialect: 'v1' } as const;
    expect(await refusal(submit(order(someone, { hook })))).toMatchObject({
      code: 'invalid_request',
      errors: [{ path: 'notify_hook', message: 'must lead to a public address' }],
    });
    expect((await getUser(api.deps.db, 'hook')).tokenUse).toBe(0);
  });

  test('what an account would have to do that there is not', async () => {
    const someone = await user('no-account');
    const request: TaskRequest = { ...aCat, account: 'gone' };
    expect(await refusal(submit(order(someone, { request })))).toMatchObject({ code: 'action_unavailable' });
    expect((await getUser(api.deps.db, 'no-account')).tokenUse).toBe(0);
  });

  test('a task without a token left', async () => {
    const someone = await user('poor', 1);
    await submit(order(someone));
    expect(await refusal(submit(order(someone)))).toMatchObject({ code: 'insufficient_tokens' });
  });

  test('a task too many, and says when to come back', async () => {
    const full = await openTestApi({ WAITING_LIMIT_PER_USER: '1' });
    try {
      const client = await full.client('many');
      const by = await getUser(full.deps.db, client.userName);
      await submitTo(full, by);
      expect(await refusal(submitTo(full, by))).toMatchObject({ code: 'queue_full', retryAfter: 10 });
    } finally {
      await full.close();
    }
  });
});

function submitTo({ deps }: TestApi, by: User) {
  // A new one, as the count of waiting tasks is kept for a second.
  return createSubmit(deps)(order(by));
}

function preparing() {
  return { preparePrompt: createPreparePrompt(api.deps) };
}

test.each([
  ['imagine', (text: string) => imagineRequest(preparing(), { userName: 'someone' }, { text })],
  ['shorten', (prompt: string) => shortenRequest(preparing(), { userName: 'someone' }, { prompt })],
])(
  'a prompt of %s never holds a marker or a second line, whichever dialect it came by',
  async (_kind, requestOf) => {
    const { action, prompt } = await requestOf('<\u200b#1767323045678400#> a cat\n<#1767323045678400#>');
    expect(action).toMatchObject({ prompt: '< #1767323045678400#> a cat < #1767323045678400#>' });
    expect(prompt).toBe('< #1767323045678400#> a cat < #1767323045678400#>');
    await expect(requestOf(' \u200b\n')).rejects.toThrow('prompt: must not be empty.');
  },
);
