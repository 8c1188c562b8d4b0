import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../../../../test/eventually.ts';
import { countingApp } from '../../../testing/counting-app.ts';
import {
  finishedGrid,
  openTestApi,
  readAnswer,
  sent,
  type TestApi,
  type TestClient,
} from '../../../testing/open-test-api.ts';
import { apiPrefix } from '../../app-env.ts';

let api: TestApi;
let client: TestClient;
let clients = 0;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  clients += 1;
  client = await api.client(`user-${clients}`);
});

async function submit(body: object = {}): Promise<string> {
  return (await client.post('/imagine', { prompt: 'a cat', ...body })).json.trigger_id;
}

describe('a task', () => {
  test('is shown without what it has no value for', async () => {
    const id = await submit();
    const response = await client.get(`/task/${id}`);
    expect(response.json).toEqual({
      trigger_id: id,
      trigger_type: 'generate',
      bot: 'midjourney',
      status: 'queued',
      progress: 0,
      prompt: 'a cat',
      buttons: [],
      token: 'reserved',
      queue: { position: 1, estimate_seconds: expect.any(Number) },
      position: 1,
      estimate_seconds: expect.any(Number),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(response.headers.get('Cache-Control')).toBe('private, no-store');
  });

  test('is not shown to others, nor is a task that does not exist', async () => {
    const id = await submit();
    const other = await api.client(`other-${clients}`);
    for (const path of [`/task/${id}`, `/task/${id}?wait=1`, '/task/1234567890']) {
      const response = await other.get(path);
      expect([response.status, response.json.code]).toEqual([404, 'not_found']);
    }
  });

  test.each(['/task/abc', '/task/123', '/task/1234567890?wait=0', '/task/1234567890?wait=61'])(
    'refuses %s',
    async (path) => {
      const response = await client.get(path);
      expect([response.status, response.json.code]).toEqual([400, 'invalid_request']);
    },
  );

  test('answers 304 as long as it is what the client has', async () => {
    const id = await submit();
    const etag = (await client.get(`/task/${id}`)).headers.get('ETag') ?? '';
    expect(etag).toBe(`"${id}-1"`);
    const known = { headers: { 'If-None-Match': `"x", W/${etag}` } };
    const same = await client.get(`/task/${id}`, known);
    expect([same.status, same.text, same.headers.get('ETag')]).toEqual([304, '', etag]);
    await api.happen(id, ...sent());
    expect((await client.get(`/task/${id}`, known)).status).toBe(200);
  });
});

describe('wait', () => {
  /** Far below the 60 seconds that each of them may wait. */
  const atOnceMs = 30_000;
  const timed = async <T>(answer: Promise<T>): Promise<T> => {
    const start = performance.now();
    const answered = await answer;
    expect(performance.now() - start).toBeLessThan(atOnceMs);
    return answered;
  };

  /** Asks for a task, and waits until that request waits for a change. */
  async function waitFor(
    id: string,
    { stopping, signal }: { stopping?: AbortSignal; signal?: AbortSignal } = {},
  ) {
    const { app, count } = countingApp({ ...api.deps, ...(stopping && { stopping }) });
    const response = app.request(`${apiPrefix}/task/${id}?wait=60`, {
      headers: { Authorization: `Bearer ${client.appKey}` },
      ...(signal && { signal }),
    });
    await eventually(() => expect(count.listening).toBe(1));
    return { answer: async () => readAnswer(await response), count };
  }

  test('answers as soon as the task changes', async () => {
    const id = await submit();
    const { answer } = await waitFor(id);
    await api.happen(id, ...sent());
    expect((await timed(answer())).json.trigger_id).toBe(id);
  });

  test('answers with the task as it is when the time is up', async () => {
    const id = await submit();
    const start = performance.now();
    const response = await client.get(`/task/${id}?wait=1`);
    expect([response.status, response.json.status]).toEqual([200, 'queued']);
    expect(performance.now() - start).toBeGreaterThan(950);
  });

  test('answers a finished task at once', async () => {
    const id = await submit();
    await api.happen(id, ...sent(), finishedGrid());
    const etag = (await timed(client.get(`/task/${id}?wait=60`))).headers.get('ETag') ?? '';
    const same = await timed(client.get(`/task/${id}?wait=60`, { headers: { 'If-None-Match': etag } }));
    expect(same.status).toBe(304);
  });

  test('answers at once what changed since the entity tag', async () => {
    const id = await submit();
    const etag = (await client.get(`/task/${id}`)).headers.get('ETag') ?? '';
    await api.happen(id, ...sent());
    const response = await timed(client.get(`/task/${id}?wait=60`, { headers: { 'If-None-Match': etag } }));
    expect([response.status, response.json.status]).toEqual([200, 'submitted']);
  });

  test('ends when the client goes away', async () => {
    const gone = new AbortController();
    const { answer, count } = await waitFor(await submit(), { signal: gone.signal });
    gone.abort();
    await timed(answer());
    expect(count.listening).toBe(0);
  });

  test('is answered when the server stops', async () => {
    const stopping = new AbortController();
    const { answer } = await waitFor(await submit(), { stopping: stopping.signal });
    stopping.abort();
    expect((await timed(answer())).status).toBe(200);
  });
});

describe('the list', () => {
  test('has the own tasks, newest first, page by page', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift(await submit());
    await (await api.client(`other-${clients}`)).post('/imagine', { prompt: 'a dog' });

    const seen: string[] = [];
    let cursor: string | null = '';
    const pages: number[] = [];
    while (cursor !== null) {
      const { json } = await client.get(`/tasks?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...json.data.map(({ trigger_id }) => trigger_id));
      pages.push(json.data.length);
      cursor = json.next_cursor;
    }
    expect(seen).toEqual(ids);
    expect(pages).toEqual([2, 2, 1]);
  });

  test('can be narrowed to a status and a type', async () => {
    const [done] = [await submit(), await submit()];
    await api.happen(done ?? '', ...sent(), finishedGrid());
    const { trigger_id: pick } = (await client.post('/upscale', { trigger_id: done, index: 1 })).json;
    const list = async (query: string) =>
      (await client.get(`/tasks?${query}`)).json.data.map(({ trigger_id }) => trigger_id);
    expect(await list('status=succeeded')).toEqual([done]);
    expect(await list('trigger_type=upscale')).toEqual([pick]);
    expect(await list('status=queued&trigger_type=describe')).toEqual([]);
    expect(await list('')).toHaveLength(3);
  });

  test.each(['status=done', 'trigger_type=imagine', 'limit=0', 'limit=101', 'limit=x', 'cursor=x'])(
    'refuses %s',
    async (query) => {
      const response = await client.get(`/tasks?${query}`);
      expect([response.status, response.json.code]).toEqual([400, 'invalid_request']);
    },
  );
});

test('/me shows what is left', async () => {
  await submit();
  expect((await client.get('/me')).json).toEqual({
    user_name: client.userName,
    token_total: 100,
    token_use: 1,
    token_left: 99,
  });
});

test('HEAD works where GET does', async () => {
  const id = await submit();
  const response = await api.app.request(`${apiPrefix}/task/${id}`, {
    method: 'HEAD',
    headers: { Authorization: `Bearer ${client.appKey}` },
  });
  expect([response.status, await response.text()]).toEqual([200, '']);
});
