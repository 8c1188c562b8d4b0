import { connectDatabase } from '@midjourney-api/shared/database/connect';
import { idempotencyKeys, tasks, users } from '@midjourney-api/shared/database/schema';
import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import { updateTokenTotal } from '@midjourney-api/shared/users/change-tokens';
import { createUser } from '@midjourney-api/shared/users/users';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createMigratedDatabase } from '../../../../../test/database.ts';
import { startStallingProxy } from '../../../../../test/stalling-proxy.ts';
import { until } from '../../../../../test/system/until.ts';
import { createApp } from '../../../app.ts';
import { startReconciler } from '../../../reconciler/reconciler.ts';
import { apiEnv, killApis, listening, startApi } from '../../../testing/api-process.ts';
import {
  finishedGrid,
  openTestApi,
  readAnswer,
  sent,
  type TestApi,
  type TestClient,
} from '../../../testing/open-test-api.ts';
import { apiPrefix } from '../../app-env.ts';

const dayMs = 24 * 60 * 60 * 1_000;

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ WAITING_LIMIT: '1000' });
});
afterAll(() => api.close());
afterEach(killApis);

let names = 0;
function newClient(tokenTotal = 100): Promise<TestClient> {
  names += 1;
  return api.client(`user-${names}`, tokenTotal);
}

const key = (name: string) => ({ 'Idempotency-Key': name });

async function tokenUse(client: TestClient): Promise<unknown> {
  return (await client.get('/me')).json.token_use;
}

async function taskCount(client: TestClient): Promise<number> {
  return (await client.get('/tasks?limit=100')).json.data.length;
}

/** Another replica of the api, whose clock may be ahead. */
function replica(aheadMs = 0) {
  const app = createApp({ ...api.deps, clock: () => new Date(Date.now() + aheadMs) });
  return async (client: TestClient, path: string, body: object, headers: Record<string, string>) =>
    readAnswer(
      await app.request(apiPrefix + path, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${client.appKey}`,
          'Content-Type': 'application/json',
          ...headers,
        },
        body: JSON.stringify(body),
      }),
    );
}

describe('a submit repeated with its Idempotency-Key', () => {
  test('is answered with the first task, and charged once, whatever became of it', async () => {
    const client = await newClient();
    const first = await client.post('/imagine', { prompt: 'a cat' }, key('one'));
    expect(first.headers.get('Idempotency-Replayed')).toBeNull();
    await api.happen(first.json.trigger_id, ...sent(), finishedGrid());
    const again = await client.post('/imagine', { prompt: 'a cat' }, key('one'));
    expect([again.status, again.text]).toEqual([200, first.text]);
    expect(again.headers.get('Location')).toBe(first.headers.get('Location'));
    expect(again.headers.get('Idempotency-Replayed')).toBe('true');
    expect([await tokenUse(client), await taskCount(client)]).toEqual([1, 1]);
  });

  // With the last token, the other 19 must not be refused for want of a token.
  test.each([
    ['plenty of tokens', 100],
    ['the last token', 1],
  ])(
    '20 times at once, with %s, through two replicas: one task, one token, 20 equal answers',
    async (_, tokens) => {
      const client = await newClient(tokens);
      const replicas = [replica(), replica()];
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, at) =>
          replicas[at % 2]?.(client, '/imagine', { prompt: 'a cat' }, key('at once')),
        ),
      );
      expect(answers.map((answer) => answer?.status)).toEqual(Array(20).fill(200));
      expect(new Set(answers.map((answer) => answer?.text)).size).toBe(1);
      const replayed = answers.filter((answer) => answer?.headers.has('Idempotency-Replayed'));
      expect(replayed).toHaveLength(19);
      expect([await tokenUse(client), await taskCount(client)]).toEqual([1, 1]);
    },
  );

  test('works on follow-ups, also when the parent could not be continued now', async () => {
    const client = await newClient();
    const { trigger_id } = (await client.post('/imagine', { prompt: 'a cat' })).json;
    await api.happen(trigger_id, ...sent(), finishedGrid());
    const pick = { trigger_id, index: 2 };
    const first = await client.post('/upscale', pick, key('pick'));
    expect(first.json).toMatchObject({ trigger_type: 'upscale', parent_trigger_id: trigger_id });
    await api.deps.db
      .update(tasks)
      .set({ buttons: [] })
      .where(eq(tasks.id, trigger_id as never));
    expect((await client.post('/upscale', pick, key('pick'))).text).toBe(first.text);
    expect((await client.post('/upscale', pick, key('another'))).json.code).toBe('action_unavailable');
  });

  test('is answered when the queue is full and Redis was emptied', async () => {
    const client = await newClient();
    const first = await client.post('/imagine', { prompt: 'a cat' }, key('full'));
    const { redis, config } = api.deps;
    await redis.del(await redis.keys(`${config.REDIS_PREFIX}:*`));
    const { queues } = api.deps;
    const full = createApp({ ...api.deps, config: { ...config, WAITING_LIMIT: 1 } });
    await queues.addTasks([{ ...aTask({ id: '1234567890' as never }), userName: 'someone' }]);
    const repeat = (name: string) =>
      full.request(`${apiPrefix}/imagine`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${client.appKey}`,
          'Content-Type': 'application/json',
          ...key(name),
        },
        body: JSON.stringify({ prompt: 'a cat' }),
      });
    expect((await readAnswer(await repeat('full'))).text).toBe(first.text);
    expect((await readAnswer(await repeat('other'))).json.code).toBe('queue_full');
  });

  test('is the same however its JSON is written', async () => {
    const client = await newClient();
    const first = await client.post('/imagine', '{"prompt":"a cat","state":"x"}', key('json'));
    const again = await client.post('/imagine', '{ "state": "x", "prompt": "a cat" }', key('json'));
    expect(again.text).toBe(first.text);
  });
});

describe('an Idempotency-Key', () => {
  test('with another body or on another route is a conflict', async () => {
    const client = await newClient();
    const { trigger_id } = (await client.post('/imagine', { prompt: 'a cat' }, key('conflict'))).json;
    await api.happen(trigger_id, ...sent(), finishedGrid());
    await client.post('/upscale', { trigger_id, index: 1 }, key('route'));
    for (const [path, body, name] of [
      ['/imagine', { prompt: 'a dog' }, 'conflict'],
      ['/imagine', { prompt: 'a cat', state: 'x' }, 'conflict'],
      ['/variation', { trigger_id, index: 1 }, 'route'],
    ] as const) {
      const { status, json } = await client.post(path, body, key(name));
      expect([status, json.code]).toEqual([409, 'idempotency_conflict']);
    }
    expect(await tokenUse(client)).toBe(2);
  });

  test('is a conflict in all but one of different requests at once', async () => {
    const client = await newClient();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => client.post('/imagine', { prompt: `cat ${at}` }, key('race'))),
    );
    const codes = answers.map(({ status, json }) => (status === 200 ? 'accepted' : json.code)).sort();
    expect(codes).toEqual(['accepted', ...Array(9).fill('idempotency_conflict')]);
    expect(await tokenUse(client)).toBe(1);
  });

  test("is the user's own, and distinguishes upper from lower case", async () => {
    const [one, other] = [await newClient(), await newClient()];
    const submits = [
      await one.post('/imagine', { prompt: 'a cat' }, key('mine')),
      await one.post('/imagine', { prompt: 'a cat' }, key('MINE')),
      await other.post('/imagine', { prompt: 'a cat' }, key('mine')),
    ];
    expect(new Set(submits.map(({ json }) => json.trigger_id)).size).toBe(3);
  });

  test.each([
    ['empty', ''],
    ['longer than 255 characters', 'x'.repeat(256)],
    ['not printable', 'a\tb'],
    ['not ASCII', 'sch\u00f6n'],
  ])('that is %s is refused', async (_title, name) => {
    const client = await newClient();
    const { status, json } = await client.post('/imagine', { prompt: 'a cat' }, key(name));
    expect([status, json.code]).toEqual([400, 'invalid_request']);
    expect(json.detail).toContain('idempotency-key');
    expect(await tokenUse(client)).toBe(0);
  });

  test('of 255 printable characters is taken', async () => {
    const client = await newClient();
    const name = key('~ '.repeat(127).concat('!'));
    expect((await client.post('/imagine', { prompt: 'a cat' }, name)).status).toBe(200);
  });

  test('is not used up by a refusal', async () => {
    const client = await newClient(0);
    const refusals = [
      await client.post('/imagine', { prompt: '' }, key('refused')),
      await client.post('/imagine', { prompt: 'a gory scene' }, key('refused')),
      await client.post('/imagine', { prompt: 'a cat' }, key('refused')),
    ];
    expect(refusals.map(({ json }) => json.code)).toEqual([
      'invalid_request',
      'banned_prompt',
      'insufficient_tokens',
    ]);
    await updateTokenTotal(api.deps.db, client.appKey, 1);
    const accepted = await client.post('/imagine', { prompt: 'a cat' }, key('refused'));
    expect([accepted.status, accepted.headers.get('Idempotency-Replayed')]).toEqual([200, null]);
  });

  test('20 times at once with no token left is refused 20 times', async () => {
    const client = await newClient(0);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => client.post('/imagine', { prompt: 'a cat' }, key('poor'))),
    );
    expect(new Set(answers.map(({ json }) => json.code))).toEqual(new Set(['insufficient_tokens']));
  });

  test('stands for a new task after 24 hours, and is forgotten then', async () => {
    const client = await newClient();
    const body = { prompt: 'a cat' };
    const first = await client.post('/imagine', body, key('day'));
    const sameDay = await replica(dayMs - 60_000)(client, '/imagine', body, key('day'));
    expect(sameDay.text).toBe(first.text);
    const nextDay = replica(dayMs + 60_000);
    const [one, two] = await Promise.all([
      nextDay(client, '/imagine', { prompt: 'a dog' }, key('day')),
      nextDay(client, '/imagine', { prompt: 'a dog' }, key('day')),
    ]);
    expect([one.status, one.text]).toEqual([200, two.text]);
    expect(one.json.trigger_id).not.toBe(first.json.trigger_id);
    expect(await tokenUse(client)).toBe(2);

    const left = () =>
      api.deps.db
        .select()
        .from(idempotencyKeys)
        .innerJoin(users, eq(users.id, idempotencyKeys.userId))
        .where(eq(users.userName, client.userName));
    expect(await left()).toHaveLength(1);
    const dayAfter = { ...api.deps, clock: () => new Date(Date.now() + 2 * dayMs + 120_000) };
    const reconciler = startReconciler(dayAfter, 100);
    await until('the key is forgotten', async () => (await left()).length === 0);
    await reconciler.close();
  });
});

test('an api killed between commit and answer: the repeated submit finds the task', async () => {
  const database = await createMigratedDatabase();
  const { db, close } = connectDatabase(database);
  const { appKey } = await createUser(db, { userName: 'someone', tokenTotal: 5 });
  const env = await apiEnv(database);
  const redisUrl = new URL(env.REDIS_URL);
  const redis = await startStallingProxy(Number(redisUrl.port), redisUrl.hostname);
  redisUrl.port = String(redis.port);
  const submit = () =>
    fetch(`http://127.0.0.1:${env.PORT}${apiPrefix}/imagine`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${appKey}`, 'Content-Type': 'application/json', ...key('crash') },
      body: JSON.stringify({ prompt: 'a cat' }),
    });

  const doomed = startApi({ ...env, REDIS_URL: redisUrl.href });
  const isReady = async () => {
    const ready = await fetch(`http://127.0.0.1:${env.PORT}/readyz`).catch(() => undefined);
    return ready?.ok;
  };
  await until('the api is ready', isReady, 40_000);
  // Redis falls silent, so the api still waits for it to take the job when the task is committed.
  redis.hold();
  const unanswered = submit().then(
    () => 'answered',
    () => 'cut off',
  );
  const [committed] = await until('the task is committed', async () => {
    const rows = await db.select().from(tasks);
    return rows.length > 0 && rows;
  });
  doomed.child.kill('SIGKILL');
  expect(await unanswered).toBe('cut off');
  await doomed.exited;

  startApi(env);
  await listening(env.PORT);
  const answer = await readAnswer(await submit());
  expect([answer.status, answer.json.trigger_id]).toEqual([200, committed?.id]);
  expect(await db.select({ tokenUse: users.tokenUse }).from(users)).toEqual([{ tokenUse: 1 }]);
  await redis.close();
  await close();
  await database.drop();
}, 90_000);
