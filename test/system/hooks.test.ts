import { notices } from '@midjourney-api/shared/database/schema';
import { hookSecrets } from '@midjourney-api/shared/notices/hook-secrets';
import { findUserByAppKey } from '@midjourney-api/shared/users/users';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCertificate } from '../certificate.ts';
import { type HookReceiver, isSignedBy, openHookReceiver, type ReceivedNotice } from '../hook-receiver.ts';
import type { Client } from './client.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

const certificate = createCertificate();
let system: System;
let client: Client;
let receiver: HookReceiver;

beforeAll(async () => {
  receiver = await openHookReceiver({ tls: certificate });
  system = await startSystem({
    ownServices: true,
    // Long enough for its progress to be reported on a busy machine too.
    drawMs: 1_500,
    imageSize: 64,
    env: {
      ALLOW_PRIVATE_HOOKS: '1',
      NODE_EXTRA_CA_CERTS: certificate.certFile,
      ACCOUNT_LEASE_MS: '2000',
      EVIDENCE_WINDOW_MS: '1500',
    },
  });
  client = await system.newUser(200);
});
afterAll(async () => {
  await system.stop();
  await receiver.close();
});

const submit = (prompt: string) =>
  client.submit('/imagine', { prompt, notify_hook: receiver.url, state: 'mine' });

/** What came about a task, each notice once: a crash may have sent one again. */
function storyOf(id: string): ReceivedNotice[] {
  const known = new Map(receiver.notices.map((notice) => [notice.id, notice]));
  return [...known.values()].filter(({ body }) => body.data.trigger_id === id);
}

function hasEnded(id: string): boolean {
  return storyOf(id).some(({ body }) => body.type === 'task.succeeded' || body.type === 'task.failed');
}

/** The whole story, in order: each notice newer than the one before, the last one the task as the api shows it. */
async function expectWholeStory(id: string): Promise<void> {
  const story = storyOf(id);
  expect(story.map(({ id: notice }) => Number(notice.split('_').at(-1)))).toEqual(
    story.map((_, at) => Number(story[0]?.id.split('_').at(-1)) + at),
  );
  const types = story.map(({ body }) => body.type);
  expect(types[0]).toBe('task.submitted');
  expect(types.slice(1, -1).every((type) => type === 'task.running')).toBe(true);
  expect(types.length).toBeGreaterThan(2);
  await expectTheEnd(id);
}

/** In order, and the last notice is the task as the api shows it. */
async function expectTheEnd(id: string): Promise<void> {
  const story = storyOf(id);
  const progress = story.map(({ body }) => body.data.progress);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(story.at(-1)?.body).toEqual({
    type: 'task.succeeded',
    timestamp: expect.any(String),
    data: await client.task(id),
  });
}

async function secret(): Promise<string> {
  const user = await findUserByAppKey(system.db, client.appKey);
  const [current] = await hookSecrets(system.db, user?.id ?? 0);
  return current;
}

describe('a notify_hook', () => {
  it('receives every notice of each task, over https, signed', async () => {
    const ids = await Promise.all(['one', 'two', 'three'].map(submit));
    await receiver.until(() => ids.every(hasEnded));
    for (const id of ids) await expectWholeStory(id);
    const key = await secret();
    expect(receiver.notices.every((notice) => isSignedBy(key, notice))).toBe(true);
  });

  it('does not hold its task up, and learns its end, while it is away, Redis is emptied and the worker dies', async () => {
    const { port } = receiver;
    const before = receiver.notices;
    await receiver.close();
    const ids = await Promise.all(['four', 'five', 'six'].map(submit));
    for (const id of ids) expect((await client.ended(id)).status).toBe('succeeded');

    await system.worker.kill('SIGKILL');
    const redis = new Redis(system.redisUrl);
    await redis.flushall();
    redis.disconnect();
    receiver = await openHookReceiver({ tls: certificate, port });
    receiver.notices.push(...before);
    await system.start('worker');

    await receiver.until(() => ids.every(hasEnded));
    for (const id of ids) await expectTheEnd(id);
    // Progress that something newer has overtaken is not sent after all.
    await until('all are settled', async () =>
      (await system.db.select({ state: notices.state }).from(notices)).every(
        ({ state }) => state === 'delivered' || state === 'overtaken',
      ),
    );
  });

  it('and its secret are in no log', async () => {
    expect(system.output()).toContain('notice delivered');
    expect(system.output()).not.toContain(await secret());
    expect(system.output()).not.toContain(receiver.url);
  });
});
