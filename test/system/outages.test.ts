import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import { findUserByAppKey } from '@midjourney-api/shared/users/users';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

let system: System;
let client: Client;
let midjourney: SimulatorControl;
let before: { written: number; jobs: number };

beforeAll(async () => {
  system = await startSystem({
    ownServices: true,
    drawMs: 400,
    imageSize: 64,
    env: { ACCOUNT_LEASE_MS: '2000', EVIDENCE_WINDOW_MS: '1500' },
  });
  midjourney = new SimulatorControl(system.simulator.controlUrl);
});
beforeEach(async () => {
  client = await system.newUser(200);
  before = { written: system.output().length, jobs: (await midjourney.jobs()).length };
});
afterAll(() => system.stop());

/** What the processes have written, and Midjourney got, since the test began. */
const output = () => system.output().slice(before.written);
const jobs = async () => (await midjourney.jobs()).slice(before.jobs);

const submitMany = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, i) => client.submit('/imagine', { prompt: `picture ${i}` })));

/** Every task ended well, drawn once, with the picture of its own prompt, and paid for once. */
async function expectAllDrawnOnce(ids: string[]) {
  const ended: TaskView[] = [];
  for (const id of ids) ended.push(await client.ended(id, 60_000));
  expect(ended.map(({ status, fail_reason }) => fail_reason ?? status)).toEqual(ids.map(() => 'succeeded'));
  const drawn = await jobs();
  expect(drawn).toHaveLength(ids.length);
  for (const task of ended) {
    expect(drawn.find(({ id }) => id === task.msg_hash)?.prompt).toBe(`<#${task.trigger_id}#>${task.prompt}`);
  }
  expect(await client.tokenUse()).toBe(ids.length);
}

/** Everything that was accepted from the client. */
async function acceptedTasks() {
  const user = await findUserByAppKey(system.db, client.appKey);
  return system.db.query.tasks.findMany({ where: ({ userId }, { eq }) => eq(userId, user?.id ?? 0) });
}

describe('Redis', () => {
  it('restarted with tasks open: all of them continue', async () => {
    const ids = await submitMany(12);
    await until('some are drawn', async () => (await jobs()).length > 3);
    await system.services?.redis.stop(3_000);
    await system.services?.redis.start();
    await expectAllDrawnOnce(ids);
  });

  it('emptied with tasks open: all of them continue', async () => {
    const ids = await submitMany(12);
    await until('some are drawn', async () => (await jobs()).length > 3);
    const redis = new Redis(system.redisUrl);
    await redis.flushall();
    redis.disconnect();
    await expectAllDrawnOnce(ids);
  });

  it('away: tasks are accepted all the same, and drawn when it is back', async () => {
    await system.services?.redis.stop(3_000);
    expect((await fetch(`${system.apiUrl}/readyz`)).status).toBe(503);
    const ids = await submitMany(3);
    await system.services?.redis.start();
    await expectAllDrawnOnce(ids);
    expect((await fetch(`${system.apiUrl}/readyz`)).status).toBe(200);
  });
});

describe('MySQL', () => {
  it('away: submits answer 503 and reserve nothing, results wait, and everything continues when it is back', async () => {
    const ids = await submitMany(6);
    await until('some are drawn', async () => (await jobs()).length > 2);
    await system.services?.mysql.stop(3_000);
    const refused = await client.request<{ code: string }>('POST', '/imagine', { prompt: 'too early' });
    expect([refused.status, refused.body.code]).toEqual([503, 'unavailable']);
    const ready = await fetch(`${system.apiUrl}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.text()).toMatch(/mysql/i);
    await until('a result waits', async () => output().includes('result not delivered'));
    await system.services?.mysql.start();
    await expectAllDrawnOnce(ids);
  });
});

describe('an api', () => {
  it('killed under a burst of submits: what it accepted is drawn, what it did not answer is drawn or was never accepted', async () => {
    const answers = Array.from({ length: 60 }, (_, i) =>
      client.submit('/imagine', { prompt: `picture ${i}` }).catch(() => undefined),
    );
    await Promise.any(answers);
    await system.api.kill('SIGKILL');
    const answered = (await Promise.all(answers)).filter((id) => id !== undefined);
    system.api = await system.start('api');

    const ids = (await acceptedTasks()).map(({ id }) => id as string);
    expect(ids).toEqual(expect.arrayContaining(answered));
    await expectAllDrawnOnce(ids);
  }, 120_000);

  it('killed while results come in: they are delivered again, and applied once', async () => {
    const ids = await submitMany(9);
    await until('results come in', async () => {
      const done = (await acceptedTasks()).filter(({ status }) => status === 'succeeded');
      return done.length > 2;
    });
    await system.api.kill('SIGKILL');
    await until('the worker cannot deliver', async () => output().includes('not delivered'));
    system.api = await system.start('api');
    await expectAllDrawnOnce(ids);
  });

  it('asked to stop under load: every request that it took is answered', async () => {
    const answers = Array.from({ length: 40 }, (_, i) =>
      client.submit('/imagine', { prompt: `picture ${i}` }).catch(() => undefined),
    );
    await Promise.any(answers);
    const began = Date.now();
    await system.api.kill('SIGTERM');
    expect(Date.now() - began).toBeLessThan(10_000);
    const answered = (await Promise.all(answers)).filter((id) => id !== undefined);
    expect((await acceptedTasks()).map(({ id }) => id as string).sort()).toEqual(answered.sort());
    system.api = await system.start('api');
    await expectAllDrawnOnce(answered);
  });
});
