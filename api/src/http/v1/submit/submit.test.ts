import { tasks, tokenLedger, users } from '@midjourney-api/shared/database/schema';
import { taskJobId } from '@midjourney-api/shared/queues/keys';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  finishedGrid,
  openTestApi,
  sent,
  type TestApi,
  type TestClient,
  taskId,
} from '../../../testing/open-test-api.ts';

let api: TestApi;
let client: TestClient;
beforeAll(async () => {
  api = await openTestApi();
  client = await api.client('someone');
});
afterAll(() => api.close());

async function tokenUse(userName: string): Promise<number | null | undefined> {
  const [user] = await api.deps.db.select().from(users).where(eq(users.userName, userName));
  return user?.tokenUse;
}

describe('imagine', () => {
  test('answers the new task, reserves a token and queues a job', async () => {
    const client = await api.client('imagines');
    const response = await client.post('/imagine', { prompt: 'a beautiful sunset', picurl: null });
    expect(response.status).toBe(200);
    const body = response.json;
    expect(body).toEqual({
      message: 'success',
      trigger_id: expect.stringMatching(/^\d{10,19}$/),
      trigger_type: 'generate',
      status: 'queued',
    });
    expect(response.headers.get('Location')).toBe(`/v1/api/trigger/task/${body.trigger_id}`);
    expect(response.headers.get('X-Request-Id')).toBeTruthy();
    expect(await tokenUse('imagines')).toBe(1);
    const job = await api.deps.queues.drawings.getJob(taskJobId(taskId(body.trigger_id)));
    expect(job?.name).toBe('generate');
    expect(job?.data).toEqual({ taskId: body.trigger_id, user: 'imagines', prompt: 'a beautiful sunset' });
  });

  test('puts the picture before the prompt, and shows the prompt without it', async () => {
    const client = await api.client('picture');
    const response = await client.post('/imagine', {
      prompt: '  a\ncat <#1234567890#>',
      picurl: 'https://example.com/my cat<1>.png',
    });
    const { trigger_id } = response.json;
    const [task] = await api.deps.db
      .select()
      .from(tasks)
      .where(eq(tasks.id, taskId(trigger_id)));
    expect(task?.action).toEqual({
      kind: 'imagine',
      prompt: 'https://example.com/my%20cat%3C1%3E.png a cat < #1234567890#>',
    });
    expect((await client.get(`/task/${trigger_id}`)).json.prompt).toBe('a cat < #1234567890#>');
  });

  test('keeps the id of the request that submitted it, and makes its own when it is given one too long', async () => {
    const client = await api.client('traced');
    const requestIdOf = async (given: string) => {
      const { headers, json } = await client.post('/imagine', { prompt: 'a cat' }, { 'X-Request-Id': given });
      const [task] = await api.deps.db
        .select({ requestId: tasks.requestId })
        .from(tasks)
        .where(eq(tasks.id, taskId(json.trigger_id)));
      expect(task?.requestId).toBe(headers.get('X-Request-Id'));
      return task?.requestId;
    };
    expect(await requestIdOf('a-trace-of-the-client')).toBe('a-trace-of-the-client');
    expect(await requestIdOf('a'.repeat(65))).toMatch(/^[\w-]{36}$/);
  });

  test('hands the state back as given', async () => {
    const client = await api.client('state');
    const state = '🙂'.repeat(1_024);
    const { trigger_id } = (await client.post('/imagine', { prompt: 'a cat', state })).json;
    expect((await client.get(`/task/${trigger_id}`)).json.state).toBe(state);
  });

  test.each([
    ['no prompt', {}, 'prompt'],
    ['an empty prompt', { prompt: ' \n\u200b ' }, 'prompt'],
    ['a prompt of 6,001 characters', { prompt: '🙂'.repeat(6_001) }, 'prompt'],
    ['a prompt that is no text', { prompt: 7 }, 'prompt'],
    ['a picture that is no URL', { prompt: 'a cat', picurl: 'cat.png' }, 'picurl'],
    ['a picture on another protocol', { prompt: 'a cat', picurl: 'file:///etc/passwd' }, 'picurl'],
    ['a state of 1,025 characters', { prompt: 'a cat', state: 'x'.repeat(1_025) }, 'state'],
    ['a hook without https', { prompt: 'a cat', notify_hook: 'http://example.com' }, 'notify_hook'],
  ])('refuses %s, naming the field', async (title, body, path) => {
    const client = await api.client(`refuses-${title.replace(/\W/g, '')}`);
    const response = await client.post('/imagine', body);
    expect(response.status).toBe(400);
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    const problem = response.json;
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request', request_id: expect.any(String) });
    expect(problem.detail).toContain(path);
    expect(problem.errors).toEqual([{ path, message: expect.any(String) }]);
    expect(await tokenUse(client.userName)).toBe(0);
  });

  test('says what is missing in words that a person understands', async () => {
    const client = await api.client('missing');
    expect((await client.post('/imagine', {})).json.detail).toBe('prompt: is required.');
  });

  test.each([
    ['a prompt alone', {}, 0],
    ['an empty picurl and no hook', { picurl: '', notify_hook: '' }, 0],
    ['a picture', { picurl: 'https://example.com/cat.png' }, 28],
    ['a speed', { speed: 'relax' }, 8],
  ])('takes what fits into an option of Discord with its marker: %s', async (name, body, more) => {
    const client = await api.client(`longest-${name.replace(/\W/g, '')}`);
    const longest = 6_000 - '<#1767323045678400#>'.length - more;
    const refused = await client.post('/imagine', { ...body, prompt: 'x'.repeat(longest + 3) });
    expect([refused.status, refused.json.detail]).toEqual([
      400,
      expect.stringMatching(/^prompt: is 3 characters too long: .* it has 6003, and Discord takes 6000/),
    ]);
    expect(await tokenUse(client.userName)).toBe(0);
    expect((await client.post('/imagine', { ...body, prompt: 'x'.repeat(longest) })).status).toBe(200);
  });

  test.each([
    [
      '/imagine',
      { promt: 'a cat' },
      [
        ['prompt', 'is required'],
        ['promt', 'unknown field `promt`: did you mean `prompt`?'],
      ],
    ],
    ['/imagine', { prompt: 'a cat', notifyHook: 'x' }, [['notifyHook', /did you mean `notify_hook`\?$/]]],
    [
      '/imagine',
      { prompt: 'a cat', model: 'x' },
      [['model', /^unknown field `model`; there are `prompt`, `picurl`/]],
    ],
    [
      '/upscale',
      { trigger_id: '1234567890', indx: 1 },
      [
        ['index', 'is required'],
        ['indx', /`index`\?$/],
      ],
    ],
    [
      '/queue/release',
      { trigger_id: '1234567890', now: 1 },
      [['now', 'unknown field `now`; there is `trigger_id`']],
    ],
  ])('refuses a field of %s that it does not know', async (path, body, errors) => {
    const response = await client.post(path, body);
    expect([response.status, response.json.code]).toEqual([400, 'invalid_request']);
    expect(response.json.errors).toEqual(
      errors.map(([name, message]) => ({
        path: name,
        message: message instanceof RegExp ? expect.stringMatching(message) : message,
      })),
    );
  });

  test('takes what an older client sends along: the index of a picture that is alone', async () => {
    const answer = await client.post('/solo_variation', { trigger_id: '1234567890', index: 0 });
    expect(answer.status).toBe(404);
  });

  test.each([
    ['/task/1234567890?wiat=5', 'unknown query parameter `wiat`: did you mean `wait`?'],
    ['/tasks?limit=5&state=failed', /^unknown query parameter `state`/],
    ['/me?x=1', 'unknown query parameter `x`; there are none here.'],
    ['/tasks?limit=ten', 'limit: must be a number.'],
    ['/tasks?status=done', 'status: must be "queued", "submitted", "running", "succeeded" or "failed".'],
  ])('GET %s is refused in plain words', async (path, detail) => {
    const response = await client.get(path);
    expect([response.status, response.json.detail]).toEqual([
      400,
      typeof detail === 'string' ? detail : expect.stringMatching(detail),
    ]);
    expect((await client.post('/imagine?prompt=a%20cat', { prompt: 'a cat' })).status).toBe(400);
  });

  test.each([
    [[], 'The body must be an object.'],
    [{ prompt: 7 }, 'prompt: must be a string.'],
    [{ prompt: 'a cat', speed: 'warp' }, 'speed: must be "fast", "relax" or "turbo".'],
    [{ prompt: 'a cat', picurl: 'cat.png' }, 'picurl: must be an http or https URL.'],
    [{ prompt: 'a cat', bot: null, notify_hook: 5 }, 'notify_hook: must be an https URL.'],
  ])('%j is refused in plain words', async (body, detail) => {
    const response = await client.post('/imagine', body);
    expect([response.status, response.json.detail]).toEqual([400, detail]);
  });
});

describe('tokens', () => {
  test('200 submits at once on 50 tokens: 50 accepted, 150 refused, 50 used', async () => {
    const client = await api.client('fifty', 50);
    const responses = await Promise.all(
      Array.from({ length: 200 }, () => client.post('/imagine', { prompt: 'a cat' })),
    );
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(50);
    const refused = responses.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(150);
    expect(await tokenUse('fifty')).toBe(50);
    expect(refused[0]?.headers.get('Retry-After')).toBeNull();
    expect(refused[0]?.json).toMatchObject({ code: 'insufficient_tokens' });
    const ids = responses.filter(({ status }) => status === 200).map(({ json }) => json.trigger_id);
    expect(new Set(ids).size).toBe(50);
  });

  test('a failed task gives its token back once, a succeeded one keeps it', async () => {
    const client = await api.client('refunds', 2);
    const submit = async () => (await client.post('/imagine', { prompt: 'a cat' })).json.trigger_id;
    const [lost, drawn] = [await submit(), await submit()];
    const failed = { type: 'failed', code: 'rejected', reason: 'Invalid prompt' } as const;
    await api.happen(lost, ...sent(), failed, failed);
    await api.happen(drawn, ...sent(), finishedGrid(), failed);
    expect(await tokenUse('refunds')).toBe(1);
    expect((await client.get(`/task/${lost}`)).json.token).toBe('refunded');
    expect((await client.get(`/task/${drawn}`)).json.token).toBe('spent');
    const ledger = await api.deps.db
      .select({ kind: tokenLedger.kind })
      .from(tokenLedger)
      .where(eq(tokenLedger.taskId, taskId(lost)));
    expect(ledger.map(({ kind }) => kind).sort()).toEqual(['refund', 'reserve']);
  });
});
