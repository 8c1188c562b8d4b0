import { holdDefaultAccount } from '@midjourney-api/shared/accounts/account.fixture';
import type { DatabaseConnection } from '@midjourney-api/shared/database/connect';
import { notices } from '@midjourney-api/shared/database/schema';
import { createLogger } from '@midjourney-api/shared/logging/logger';
import { hookSecrets, rotateHookSecret } from '@midjourney-api/shared/notices/hook-secrets';
import { noticeJobId } from '@midjourney-api/shared/queues/keys';
import { openQueues, type Queues } from '@midjourney-api/shared/queues/queues';
import { connectRedis } from '@midjourney-api/shared/redis';
import { createAcceptTask } from '@midjourney-api/shared/tasks/accept-task';
import { changeTask } from '@midjourney-api/shared/tasks/change-task';
import type { HookDialect, Notify } from '@midjourney-api/shared/tasks/task';
import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import { createTaskIds, type TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { TaskEvent } from '@midjourney-api/shared/tasks/transition';
import { createUser } from '@midjourney-api/shared/users/users';
import { eq } from 'drizzle-orm';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { testPrefix } from '../../../test/database.ts';
import { eventually } from '../../../test/eventually.ts';
import { type HookReceiver, isSignedBy, openHookReceiver } from '../../../test/hook-receiver.ts';
import { createProductDatabase } from '../../../test/product-database.ts';
import type { RetryPlan } from './retry-plan.ts';
import { startNotices } from './start-notices.ts';

let database: DatabaseConnection;
let redis: Redis;
let queues: Queues;
let prefix: string;
let logged: string[];
let receiver: HookReceiver;
let userId: number;
const closing: (() => Promise<unknown>)[] = [];

const soon: RetryPlan = { first: 20, longest: 100, window: 60_000 };
const changes = { announce: () => {} };
const taskEnded = () => {};
const nextId = createTaskIds();
const newUser = async () =>
  (await createUser(database.db, { userName: `user-${nextId()}`, tokenTotal: 1_000 })).user.id;

beforeAll(async () => {
  database = await createProductDatabase();
  await holdDefaultAccount(database.db);
});
afterAll(() => database.close());
beforeEach(async () => {
  prefix = testPrefix();
  logged = [];
  const log = createLogger('test', 'silent');
  redis = connectRedis(inject('services').redisUrl, log, { waiting: true });
  queues = openQueues(redis, prefix);
  receiver = await openHookReceiver();
  userId = await newUser();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await receiver.close();
  await queues.close();
  redis.disconnect();
});

/** One worker process's part that notifies hooks. */
function start({ plan = soon, allowPrivate = true, post = {} }: Partial<Parameters<typeof options>[0]> = {}) {
  const { config, more } = options({ plan, allowPrivate, post });
  const log = createLogger('worker', 'debug', { write: (line) => logged.push(line) });
  const stop = startNotices({ config, db: database.db, redis, queues, log }, more);
  let stopped: Promise<void> | undefined;
  const once = () => {
    stopped ??= stop();
    return stopped;
  };
  closing.push(once);
  return once;
}
function options({
  plan,
  allowPrivate,
  post,
}: {
  plan: RetryPlan;
  allowPrivate: boolean;
  post: NonNullable<Parameters<typeof startNotices>[1]>['post'];
}) {
  const config = { REDIS_PREFIX: prefix, ACCOUNT_LEASE_MS: 2_000, ALLOW_PRIVATE_HOOKS: allowPrivate };
  return { config, more: { plan, ...(post && { post }) } };
}

async function accept(
  notifyHook: string | null = receiver.url,
  owner = userId,
  notify: Notify = 'all',
  hookDialect: HookDialect = 'v1',
): Promise<TaskId> {
  const hook = { notifyHook, notify, hookDialect };
  const task = { ...aTask(), id: nextId(), userId: owner, ...hook, state: 'mine', prompt: 'a secret cat' };
  return (await createAcceptTask(database.db)({ ...task, createdAt: new Date() })).id;
}
const happen = async (id: TaskId, ...events: TaskEvent[]) => {
  for (const event of events) await changeTask({ db: database.db, changes, queues, taskEnded }, id, event);
};
const sent: TaskEvent[] = [
  {
    type: 'sending',
    account: 'default',
    fence: 1,
    nonce: '1',
    formerNonce: null,
    sentAfterMessageId: '0',
    exclusiveKey: null,
  },
  { type: 'submitted' },
];
const progress = (percent: number): TaskEvent => ({
  type: 'progressed',
  progressMessageId: '5',
  progress: percent,
});
const failed: TaskEvent = { type: 'failed', code: 'rejected', reason: 'no' };
/** Each task has a message of its own. */
const succeeded = (id: TaskId): TaskEvent => ({
  type: 'succeeded',
  result: {
    messageId: id,
    messageFlags: 0,
    messageHash: 'h',
    imageUrl: 'https://cdn.example/🐈.png',
    mediaType: 'image/png',
    width: 1,
    height: 1,
    buttons: [],
    texts: null,
  },
});

const received = (id: TaskId, from = receiver) =>
  from.notices
    .filter(({ body }) => body.data.trigger_id === id)
    .map(({ body }) => `${body.type} ${body.data.progress}`);
const rows = (id: TaskId) =>
  database.db.select().from(notices).where(eq(notices.taskId, id)).orderBy(notices.version);
const states = async (id: TaskId) => (await rows(id)).map(({ state }) => state);
const untilSettled = (id: TaskId, _timeout = 20_000) =>
  eventually(async () => expect(await states(id)).not.toContain('waiting'));
const job = async (id: TaskId, version: number) =>
  queues.notices.getJob(noticeJobId({ taskId: id, version }));

describe('a hook is sent', () => {
  it('every change that its client can see, in order, signed, as the task was then', async () => {
    start();
    const id = await accept();
    await happen(id, ...sent, progress(15), progress(15), progress(62), succeeded(id), succeeded(id));
    await untilSettled(id);
    expect(received(id)).toEqual([
      'task.submitted 0',
      'task.running 15',
      'task.running 62',
      'task.succeeded 100',
    ]);
    const [secret] = await hookSecrets(database.db, userId);
    expect(receiver.notices.every((notice) => isSignedBy(secret, notice))).toBe(true);
    expect(receiver.notices.map(({ id: notice }) => notice)).toEqual(
      [3, 4, 5, 6].map((n) => `msg_${id}_${n}`),
    );
    const last = receiver.notices.at(-1);
    expect(last?.headers['content-type']).toBe('application/json');
    expect(last?.body).toMatchObject({
      type: 'task.succeeded',
      timestamp: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
      data: { state: 'mine', token: 'spent', image_url: 'https://cdn.example/🐈.png' },
    });
    expect(receiver.notices[0]?.body.data).toMatchObject({ status: 'submitted', token: 'reserved' });
  });

  it('the picture that came too late, but nothing that clients do not see', async () => {
    start();
    const id = await accept();
    await happen(id, ...sent, failed, succeeded(id));
    await untilSettled(id);
    expect(received(id)).toEqual(['task.submitted 0', 'task.failed 0', 'task.failed 0']);
    expect(receiver.notices.at(-1)?.body.data).toMatchObject({
      late_result: { available: true },
      token: 'refunded',
    });
  });

  it('nothing when the task has none', async () => {
    start();
    const [silent, loud] = [await accept(null), await accept()];
    await happen(silent, ...sent, failed);
    await happen(loud, failed);
    await untilSettled(loud);
    expect(await rows(silent)).toEqual([]);
    expect(receiver.notices).toHaveLength(1);
  });

  it('again what it did not take, with the same id and body, before anything newer', async () => {
    start();
    const id = await accept();
    await happen(id, ...sent);
    await untilSettled(id);
    let refusals = 3;
    receiver.behave(() => (refusals-- > 0 ? { status: 503 } : { status: 200 }));
    // Both are final: the picture comes after all.
    await happen(id, failed, succeeded(id));
    await untilSettled(id);
    expect(received(id)).toEqual(['task.submitted 0', ...Array(5).fill('task.failed 0')]);
    expect(new Set(receiver.notices.slice(1, 5).map(({ id: notice, text }) => notice + text)).size).toBe(1);
    expect((await rows(id)).map(({ attempts, state }) => [attempts, state])).toEqual([
      [1, 'delivered'],
      [4, 'delivered'],
      [1, 'delivered'],
    ]);
  });

  it('no progress that it did not take at once, when something newer waits', async () => {
    start({ plan: { first: 20, longest: 60_000, window: 24 * 60 * 60_000 } });
    receiver.behave(({ body }) => ({ status: body.type === 'task.running' ? 500 : 200 }));
    const id = await accept();
    await happen(id, ...sent, progress(10));
    await eventually(async () => expect((await rows(id))[1]?.attempts).toBeGreaterThan(2));
    await happen(id, progress(20), progress(30), succeeded(id));
    await untilSettled(id);
    expect(await states(id)).toEqual(['delivered', 'overtaken', 'overtaken', 'overtaken', 'delivered']);
    expect((await rows(id))[1]?.reason).toBe('Dropped, as a newer one waited: The hook answered 500.');
    const shown = received(id);
    expect([shown[0], shown.at(-1)]).toEqual(['task.submitted 0', 'task.succeeded 100']);
    expect(shown.filter((one) => one === 'task.succeeded 100')).toHaveLength(1);
  });

  it('the end only, and what comes after it, when its client wants no more', async () => {
    start();
    const id = await accept(receiver.url, userId, 'final');
    await happen(id, ...sent, progress(40), failed, succeeded(id), { type: 'claimed' });
    await untilSettled(id);
    expect(received(id)).toEqual(['task.failed 40', 'task.failed 40', 'task.succeeded 100']);
  });

  it('in the mj-proxy dialect the task itself, signed, and no progress that something newer has overtaken', async () => {
    start({ plan: { first: 20, longest: 60_000, window: 24 * 60 * 60_000 } });
    receiver.behave(({ text }) => ({ status: JSON.parse(text).status === 'IN_PROGRESS' ? 500 : 200 }));
    const id = await accept(receiver.url, userId, 'all', 'mj');
    await happen(id, ...sent, progress(10));
    await eventually(async () => expect((await rows(id))[1]?.attempts).toBeGreaterThan(2));
    await happen(id, progress(20), succeeded(id));
    await untilSettled(id);
    expect(await states(id)).toEqual(['delivered', 'overtaken', 'overtaken', 'delivered']);
    const [first, last] = [receiver.notices.at(0), receiver.notices.at(-1)];
    expect(JSON.parse(first?.text ?? '')).toMatchObject({ id, status: 'SUBMITTED', progress: '0%' });
    expect(JSON.parse(last?.text ?? '')).toMatchObject({ id, status: 'SUCCESS', progress: '100%' });
    const [secret] = await hookSecrets(database.db, userId);
    expect(last && isSignedBy(secret, last)).toBe(true);
  });

  it('in the mj-proxy dialect the end, after it was away', async () => {
    const { port } = receiver;
    await receiver.close();
    start();
    const id = await accept(receiver.url, userId, 'all', 'mj');
    await happen(id, ...sent, failed);
    await eventually(async () => expect((await rows(id)).at(-1)?.attempts).toBeGreaterThan(1));
    receiver = await openHookReceiver({ port });
    await untilSettled(id);
    const came = receiver.notices.map(({ text }) => JSON.parse(text).status);
    expect(came.at(-1)).toBe('FAILURE');
  });

  it('the end, after it was away', async () => {
    const { port } = receiver;
    await receiver.close();
    start();
    const ids = await Promise.all(Array.from({ length: 5 }, () => accept()));
    await Promise.all(ids.map((id) => happen(id, ...sent, progress(40), succeeded(id))));
    await eventually(async () => {
      const all = await Promise.all(ids.map(rows));
      expect(all.every((of) => (of.at(-1)?.attempts ?? 0) >= 2)).toBe(true);
    });
    expect((await rows(ids[0] ?? nextId())).at(-1)?.reason).toBe('The hook refused the connection.');
    receiver = await openHookReceiver({ port });
    await Promise.all(ids.map((id) => untilSettled(id)));
    for (const id of ids) expect(received(id)).toEqual(['task.succeeded 100']);
  });

  it('its notice by another worker, when the one that was about to send it stops', async () => {
    receiver.behave(() => 'hang');
    const stop = start();
    const id = await accept();
    await happen(id, failed);
    await receiver.until((all) => all.length === 1);
    await stop();
    expect(await states(id)).toEqual(['waiting']);
    expect(await (await job(id, 2))?.getState()).toBe('waiting');
    receiver.behave(() => ({ status: 200 }));
    start();
    await untilSettled(id);
    expect(new Set(receiver.notices.map(({ id: notice }) => notice)).size).toBe(1);
  });

  it('both signatures for a day after the secret was rotated', async () => {
    start();
    const [former] = await hookSecrets(database.db, userId);
    const current = await rotateHookSecret(database.db, userId);
    expect(current).not.toBe(former);
    const id = await accept();
    await happen(id, failed);
    await untilSettled(id);
    const [notice] = receiver.notices;
    expect(notice && [isSignedBy(current, notice), isSignedBy(former, notice)]).toEqual([true, true]);
    const aDayLater = new Date(Date.now() + 24 * 60 * 60_000);
    expect(await hookSecrets(database.db, userId, aDayLater)).toEqual([current]);
  });
});

describe('a hook that hangs', () => {
  it("does not delay another user's, and gets five at a time", async () => {
    start({ post: { timeLimitMs: 60_000 } });
    const hanging = await openHookReceiver();
    closing.push(() => hanging.close());
    hanging.behave(() => 'hang');
    const slow = await Promise.all(Array.from({ length: 80 }, () => accept(hanging.url)));
    await Promise.all(slow.map((id) => happen(id, failed)));
    await hanging.until((all) => all.length === 5);

    const other = await newUser();
    const quick = await Promise.all(Array.from({ length: 10 }, () => accept(receiver.url, other)));
    await Promise.all(quick.map((id) => happen(id, ...sent, failed)));
    await Promise.all(quick.map((id) => untilSettled(id)));
    for (const id of quick) expect(received(id)).toEqual(['task.submitted 0', 'task.failed 0']);
    // All of that while the first five still wait for their answers.
    expect([hanging.notices.length, hanging.waiting]).toEqual([5, 5]);

    // What waited meanwhile is not lost.
    await hanging.close();
    const again = await openHookReceiver({ port: hanging.port });
    closing.push(() => again.close());
    await Promise.all(slow.map((id) => untilSettled(id, 40_000)));
    expect(new Set(again.notices.map(({ body }) => body.data.trigger_id)).size).toBe(80);
  }, 60_000);
});

describe('a notice is given up', () => {
  it('at the end of its window: for people to see, and the later ones are still tried', async () => {
    start({ plan: { first: 20, longest: 40, window: 3_000 } });
    receiver.behave(({ body }) => ({ status: body.data.late_result ? 200 : 500 }));
    const id = await accept();
    await happen(id, {
      type: 'sending',
      account: 'default',
      fence: 1,
      nonce: '1',
      formerNonce: null,
      sentAfterMessageId: '0',
      exclusiveKey: null,
    });
    await happen(id, failed, succeeded(id));
    await untilSettled(id);
    expect(await states(id)).toEqual(['dead', 'delivered']);
    const [first] = await rows(id);
    expect(first?.attempts).toBeGreaterThan(3);
    expect(first?.reason).toMatch(/^Given up after \d+ attempts since 2.*Z: The hook answered 500\.$/);
    const dead = await job(id, 3);
    await eventually(async () => expect(await dead?.getState()).toBe('failed'));
    expect((await job(id, 3))?.failedReason).toBe(first?.reason);
    expect(receiver.notices.at(-1)?.body.data.late_result).toEqual({ available: true });
  });

  it('at once, with all later ones of its task and no other, when the hook answers 410', async () => {
    start();
    receiver.behave(({ path }) => ({ status: path === '/gone' ? 410 : 200 }));
    const [gone, other] = [await accept(receiver.url.replace('/hook', '/gone')), await accept()];
    await happen(gone, ...sent);
    await untilSettled(gone);
    await happen(gone, progress(20), succeeded(gone));
    await happen(other, failed);
    await untilSettled(other);
    expect(received(gone)).toEqual(['task.submitted 0']);
    expect(await states(gone)).toEqual(['dead']);
    expect(await states(other)).toEqual(['delivered']);
    expect((await job(gone, 3))?.failedReason).toMatch(
      /^Given up after 1 attempt since .*: The hook answered 410\.$/,
    );
  });

  it('is tried once more when an operator retries its job', async () => {
    start({ plan: { first: 20, longest: 40, window: 1 } });
    receiver.behave(() => ({ status: 500 }));
    const id = await accept();
    await happen(id, failed);
    await untilSettled(id);
    receiver.behave(() => ({ status: 200 }));
    const dead = await job(id, 2);
    await eventually(async () => expect(await dead?.getState()).toBe('failed'));
    await dead?.retry();
    await eventually(async () => expect(await states(id)).toEqual(['delivered']));
  });
});

describe('a hook may not lead into the network of the service', () => {
  it('not by its address, its name, or a redirect', async () => {
    start({
      allowPrivate: false,
      post: { resolve: (_name, _options, answer) => answer(null, [{ address: '127.0.0.1', family: 4 }]) },
    });
    const { port } = receiver;
    const literal = await accept(`https://127.0.0.1:${port}/`);
    const plain = await accept(`http://hooks.example:${port}/`);
    const named = await accept(`https://hooks.example:${port}/`);
    for (const id of [literal, plain, named]) await happen(id, failed);
    await eventually(async () => {
      const reasons = await Promise.all(
        [literal, plain, named].map(async (id) => (await rows(id))[0]?.reason),
      );
      expect(reasons).toEqual([
        'The hook must lead to a public address.',
        'The hook must be an https URL.',
        'The host name of the hook leads to an address that is not public.',
      ]);
    });
    expect(receiver.notices).toEqual([]);
  });

  it('not by a redirect', async () => {
    start();
    const inside = await openHookReceiver();
    closing.push(() => inside.close());
    receiver.behave(() => ({ status: 307, headers: { location: inside.url } }));
    const id = await accept();
    await happen(id, failed);
    await eventually(async () =>
      expect((await rows(id))[0]?.reason).toBe('The hook answered 307; redirects are not followed.'),
    );
    expect(inside.notices).toEqual([]);
  });
});

it('a job whose data are not valid fails for people to see, and its notice is delivered once it is added again', async () => {
  const id = await accept();
  await happen(id, ...sent);
  const added = await eventually(async () => (await job(id, 3)) ?? Promise.reject(new Error('no job yet')));
  await added.updateData({ taskId: id, version: 'three', userId } as never);
  start();
  await eventually(async () =>
    expect((await job(id, 3))?.failedReason).toMatch(
      /^The data of the job "notice" are not valid: version: /,
    ),
  );
  expect([await states(id), received(id)]).toEqual([['waiting'], []]);
  await added.remove();
  await queues.addNotice({ taskId: id, version: 3, userId });
  await untilSettled(id);
  expect(received(id)).toEqual(['task.submitted 0']);
});

it('neither Redis nor the log learns a secret, a URL or what a hook is sent', async () => {
  start({ plan: { first: 20, longest: 40, window: 200 } });
  receiver.behave(({ body }) => ({ status: body.type === 'task.submitted' ? 500 : 200 }));
  const id = await accept();
  const waiting = await accept(receiver.url.replace('/hook', '/later'));
  await happen(id, ...sent, succeeded(id));
  await untilSettled(id);
  await happen(waiting, ...sent);
  const secrets = await hookSecrets(database.db, userId);
  const keys: string[] = await redis.keys(`${prefix}:*`);
  const kept = await Promise.all(
    keys.map(async (key) => {
      const type = await redis.type(key);
      if (type === 'hash') return redis.hgetall(key);
      if (type === 'stream') return redis.xrange(key, '-', '+');
      if (type === 'zset') return redis.zrange(key, '0', '-1');
      if (type === 'list') return redis.lrange(key, '0', '-1');
      return type === 'string' ? redis.get(key) : type;
    }),
  );
  const all = JSON.stringify([keys, kept]) + logged.join('\n');
  expect(all).toContain(id);
  expect(all).toContain('notice delivered');
  for (const secret of [...secrets, String(receiver.port), 'a secret cat', 'mine'])
    expect(all).not.toContain(secret);
});
