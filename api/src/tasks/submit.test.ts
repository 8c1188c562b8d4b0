import { tasks, tokenLedger, users } from '@midjourney-api/shared/database/schema';
import { taskJobId } from '@midjourney-api/shared/queues/queues';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { finishedGrid, openTestApi, sent, type TestApi, taskId } from '../testing/open-test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
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
    expect(job?.data).toEqual({ taskId: body.trigger_id });
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

  test('takes 6,000 characters, unknown fields and an empty picurl', async () => {
    const client = await api.client('longest');
    const response = await client.post('/imagine', { prompt: '🙂'.repeat(6_000), picurl: '', model: 'x' });
    expect(response.status).toBe(200);
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
