import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { changeTask } from '@midjourney-api/shared/tasks/change-task';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { eventually } from '../../../../../test/eventually.ts';
import { listen } from '../../../../../test/listen.ts';
import { createApp } from '../../../app.ts';
import { countingApp } from '../../../testing/counting-app.ts';
import {
  finishedGrid,
  openTestApi,
  sent,
  type TestApi,
  type TestClient,
  taskId,
} from '../../../testing/open-test-api.ts';
import { type EventStream, readEvents } from '../../../testing/read-events.ts';
import { type Api, apiPrefix } from '../../app-env.ts';
import { stopServer } from '../../server/stop-server.ts';

const progress = (percent: number) =>
  ({ type: 'progressed', progressMessageId: '5', progress: percent }) as const;
const rejected = { type: 'failed', code: 'rejected', reason: 'Invalid prompt' } as const;

let api: TestApi;
let client: TestClient;
let clients = 0;
const open: EventStream[] = [];
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  clients += 1;
  client = await api.client(`user-${clients}`);
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(open.splice(0).map((stream) => stream.close()));
});

async function submit(): Promise<string> {
  return (await client.post('/imagine', { prompt: 'a cat' })).json.trigger_id;
}

async function openEvents(id: string, headers: Record<string, string> = {}, app: Api = api.app) {
  const response = await app.request(`${apiPrefix}/task/${id}/events`, {
    headers: { Authorization: `Bearer ${client.appKey}`, ...headers },
  });
  const stream = readEvents(response);
  open.push(stream);
  return stream;
}

describe('events', () => {
  test('are the state now, each status and progress, and the end, and then they end', async () => {
    const id = await submit();
    const stream = await openEvents(id);
    const first = await stream.next();
    expect(first).toMatchObject({ event: 'status', id: '1' });
    // Read by its id, a waiting task also shows its position in the queue.
    expect((await client.get(`/task/${id}`)).json).toMatchObject(Object(first?.data));
    const story = [
      ...sent(),
      { type: 'started', progressMessageId: '5' } as const,
      progress(31),
      progress(62),
    ];
    for (const [event, status, percent] of [
      ['status', 'submitted', 0],
      ['status', 'running', 0],
      ['progress', 'running', 31],
      ['progress', 'running', 62],
    ] as const) {
      await api.happen(id, ...story.splice(0, status === 'submitted' ? 2 : 1));
      expect(await stream.next()).toMatchObject({ event, data: { status, progress: percent } });
    }
    await api.happen(id, finishedGrid());
    const final = await stream.next();
    expect(final).toMatchObject({ event: 'final', data: { status: 'succeeded', token: 'spent' } });
    expect(final?.data).toEqual((await client.get(`/task/${id}`)).json);
    expect(await stream.next()).toBeUndefined();
  });

  test('of a finished task are its end only', async () => {
    const id = await submit();
    await api.happen(id, rejected);
    const stream = await openEvents(id);
    expect(await stream.next()).toMatchObject({ event: 'final', data: { fail_code: 'rejected' } });
    expect(await stream.next()).toBeUndefined();
  });

  test('continue after the last one that the client has', async () => {
    const id = await submit();
    await api.happen(id, ...sent());
    const first = await (await openEvents(id)).next();
    const resumed = await openEvents(id, { 'Last-Event-ID': first?.id ?? '' });
    await api.happen(id, progress(10));
    expect(await resumed.next()).toMatchObject({ event: 'status', data: { status: 'running' } });

    const missed = await openEvents(id, { 'Last-Event-ID': first?.id ?? '' });
    expect(await missed.next()).toMatchObject({ event: 'status', data: { progress: 10 } });
    const nonsense = await openEvents(id, { 'Last-Event-ID': 'x' });
    expect(await nonsense.next()).toMatchObject({ event: 'status', data: { progress: 10 } });
  });

  test('are over for a client that has the final one: 204, at which an EventSource stops', async () => {
    const id = await submit();
    await api.happen(id, rejected);
    const final = await (await openEvents(id)).next();
    expect((await openEvents(id, { 'Last-Event-ID': final?.id ?? '' })).response.status).toBe(204);
  });

  test('are over also when the link to the picture became another after the final one, but not when it was claimed', async () => {
    const id = await submit();
    await api.happen(id, ...sent(), rejected);
    const failed = await (await openEvents(id)).next();
    await api.happen(id, finishedGrid('1279000000000000555'));
    expect((await openEvents(id, { 'Last-Event-ID': failed?.id ?? '' })).response.status).toBe(204);
    await api.happen(id, { type: 'claimed' });
    const claimed = await (await openEvents(id, { 'Last-Event-ID': failed?.id ?? '' })).next();
    expect(claimed).toMatchObject({ event: 'final', data: { status: 'succeeded' } });
    await api.happen(id, {
      type: 'picture_stored',
      copy: { imageFile: 'picture.png', durationMs: null },
    });
    expect((await openEvents(id, { 'Last-Event-ID': claimed?.id ?? '' })).response.status).toBe(204);
  });

  test('come through every replica, with headers that keep proxies from holding them back', async () => {
    const id = await submit();
    const stream = await openEvents(id, {}, createApp(api.deps));
    expect(Object.fromEntries(stream.response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'private, no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    await stream.next();
    await api.happen(id, rejected);
    expect(await stream.next()).toMatchObject({ event: 'final' });
  });

  test('are not sent to others, nor of a task that does not exist', async () => {
    const id = await submit();
    const other = await api.client(`other-${clients}`);
    for (const path of [`/task/${id}/events`, '/task/1234567890/events']) {
      const { status, json } = await other.get(path);
      expect([status, json.code]).toEqual([404, 'not_found']);
    }
    expect((await client.get('/task/abc/events')).status).toBe(400);
  });

  test('of everybody are sent to operators, who see in them what they see of the task', async () => {
    const id = await submit();
    const operator = await api.client(`operator-${clients}`, 0, 'operator');
    const stream = await openEvents(id, { Authorization: `Bearer ${operator.appKey}` });
    await stream.next();
    await api.happen(id, rejected);
    const final = await stream.next();
    expect(final).toMatchObject({ event: 'final', data: { user: client.userName, attempts: 0 } });
    expect(final?.data).toEqual((await operator.get(`/task/${id}`)).json);
    const ofOwner = await (await openEvents(id)).next();
    expect(ofOwner?.data).not.toHaveProperty('user');
  });

  test('come with a comment every 15 seconds', async () => {
    const id = await submit();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const stream = await openEvents(id);
    await stream.next();
    vi.advanceTimersByTime(45_000);
    await eventually(() => expect(stream.comments()).toBe(3));
  });

  test('end with a hint when to come back when the server stops', async () => {
    const stopping = new AbortController();
    const { app, count } = countingApp({ ...api.deps, stopping: stopping.signal });
    const stream = await openEvents(await submit(), {}, app);
    await stream.next();
    stopping.abort();
    expect(await stream.next()).toBeUndefined();
    expect(stream.retry()).toBeGreaterThanOrEqual(500);
    await eventually(() => expect(count.listening).toBe(0));
  });

  test('keep nothing when the client goes away, refused, or only wants the headers', async () => {
    const id = await submit();
    const { app, count } = countingApp(api.deps);
    const stream = await openEvents(id, {}, app);
    await stream.next();
    expect(count.listening).toBe(1);
    await stream.close();
    await eventually(() => expect(count.listening).toBe(0));

    const ask = (userKey: string, method: string) =>
      app.request(`${apiPrefix}/task/${id}/events`, {
        method,
        headers: { Authorization: `Bearer ${userKey}` },
      });
    const other = await api.client(`other-${clients}`);
    expect((await ask(other.appKey, 'GET')).status).toBe(404);
    expect((await ask(client.appKey, 'HEAD')).status).toBe(200);
    await eventually(() => expect(count.listening).toBe(0));
  });
});

test('a client that closes its connection leaves nothing behind', async () => {
  const id = await submit();
  const { app, count } = countingApp(api.deps);
  const server = createServer(getRequestListener(app.fetch));
  const port = await listen(server);
  const gone = new AbortController();
  const ask = (path: string) =>
    fetch(`http://127.0.0.1:${port}${apiPrefix}/task/${id}${path}`, {
      headers: { Authorization: `Bearer ${client.appKey}` },
      signal: gone.signal,
    });
  const waiting = ask('?wait=60').catch(() => 'gone');
  const events = readEvents(await ask('/events'));
  await events.next();
  await eventually(() => expect(count.listening).toBe(2));
  gone.abort();
  expect(await waiting).toBe('gone');
  await eventually(() => expect(count.listening).toBe(0));
  await stopServer(server, 100);
});

describe('a change that Redis did not announce', () => {
  /** As happens when Redis is away at that moment. */
  async function happenUnheard(id: string): Promise<void> {
    await changeTask({ ...api.deps, changes: { announce: () => {} } }, taskId(id), rejected);
  }

  test('is sent as an event all the same', async () => {
    const id = await submit();
    const stream = await openEvents(id);
    await stream.next();
    await happenUnheard(id);
    expect(await stream.next()).toMatchObject({ event: 'final' });
  });

  test('ends a wait all the same', async () => {
    const id = await submit();
    const start = performance.now();
    const waiting = client.get(`/task/${id}?wait=60`);
    await eventually(async () => expect((await client.get(`/task/${id}`)).status).toBe(200));
    await happenUnheard(id);
    expect((await waiting).json.status).toBe('failed');
    expect(performance.now() - start).toBeLessThan(15_000);
  });
});
