import { randomBytes } from 'node:crypto';
import { addAccount, listAccounts } from '@midjourney-api/shared/accounts/accounts';
import { createTokenSeal } from '@midjourney-api/shared/accounts/sealed-token';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { passTime } from './pass-time.ts';
import { type DrawnJob, SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

const secretsKey = randomBytes(32);

let system: System;
let client: Client;
let midjourney: SimulatorControl;

async function start(options: Parameters<typeof startSystem>[0] = {}) {
  const env = { ACCOUNT_LEASE_MS: '1200', EVIDENCE_WINDOW_MS: '1500', ...options.env };
  system = await startSystem({ ...options, env });
  client = await system.newUser(50);
  midjourney = new SimulatorControl(system.simulator.controlUrl);
}
afterAll(() => system.stop());

/** Midjourney refuses a prompt once, and names a time so many seconds from now. */
async function slowDown(prompt: string, seconds: number) {
  const time = Math.floor(Date.now() / 1_000) + seconds;
  const description = `You can request another one for this image <t:${time}:R>`;
  const match = { promptContains: prompt };
  await midjourney.fault({ kind: 'refuse', notice: 'slow_down', description, times: 1, match });
  return new Date(time * 1_000);
}

/** Waits until a task is postponed. */
async function postponed(id: string): Promise<TaskView & { retry_at: string }> {
  return until('it waits for its time', async () => {
    const task = await client.task(id);
    return task.retry_at !== undefined && { ...task, retry_at: task.retry_at };
  });
}

const drawn = (jobs: DrawnJob[]) => jobs.filter(({ state }) => state !== 'refused');

async function expectDrawnOnce(task: TaskView) {
  expect(task).toMatchObject({ status: 'succeeded', token: 'spent' });
  expect(task).not.toHaveProperty('retry_at');
  const jobs = drawn(await midjourney.jobs(task.prompt));
  expect(jobs.map(({ state }) => state)).toEqual(['done']);
  return jobs[0];
}

async function expectDrawnOnceAfter(task: TaskView, time: Date) {
  expect((await expectDrawnOnce(task))?.requestedAt).toBeGreaterThanOrEqual(time.getTime());
}

describe('"Slow Down!", which names a time', () => {
  beforeAll(() => start());
  afterEach(() => midjourney.clearFaults());

  it('the task waits for it, says so, and is drawn once', async () => {
    const time = await slowDown('too quick', 4);
    const id = await client.submit('/imagine', { prompt: 'too quick' });
    const task = await postponed(id);
    expect(task).toMatchObject({ status: 'queued', progress: 0, token: 'reserved' });
    expect(task).not.toHaveProperty('started_at');
    expect(Date.parse(task.retry_at)).toBeGreaterThanOrEqual(time.getTime());
    expect(task.queue).toEqual({
      position: 1,
      reason: expect.stringContaining('Slow Down'),
      estimate_seconds: expect.any(Number),
    });
    const seconds = (Date.parse(task.retry_at) - Date.now()) / 1_000;
    expect(task.queue?.estimate_seconds).toBeGreaterThanOrEqual(Math.floor(seconds));
    await expectDrawnOnceAfter(await client.ended(id), time);
    const row = await system.db.query.tasks.findFirst({ where: (row, { eq }) => eq(row.id, id as TaskId) });
    expect(row?.sendAttempts).toBe(2);
  });

  it('a button under a picture too, on its account', async () => {
    const grid = await client.run('/imagine', { prompt: 'to be upscaled' });
    const time = await slowDown('to be upscaled', 4);
    const id = await client.submit('/variation', { trigger_id: grid.trigger_id, index: 2 });
    await postponed(id);
    const task = await client.succeeded(id);
    const variations = drawn(await midjourney.jobs('to be upscaled')).filter(
      ({ kind }) => kind === 'variation',
    );
    expect(variations).toHaveLength(1);
    expect(variations[0]?.requestedAt).toBeGreaterThanOrEqual(time.getTime());
    expect(task.token).toBe('spent');
  });

  it('cancelled while it waits: it ends at once, and the token is back', async () => {
    await slowDown('no longer wanted', 600);
    const used = await client.tokenUse();
    const id = await client.submit('/imagine', { prompt: 'no longer wanted' });
    await postponed(id);
    await client.request('POST', '/cancel', { trigger_id: id });
    const task = await client.task(id);
    expect(task).toMatchObject({ status: 'failed', fail_code: 'cancelled', token: 'refunded' });
    expect(await client.tokenUse()).toBe(used);
  });

  it('a time that is too far away: it fails, in Midjourney’s words', async () => {
    await slowDown('much too quick', 7_200);
    const task = await client.ended(await client.submit('/imagine', { prompt: 'much too quick' }));
    expect(task).toMatchObject({ status: 'failed', fail_code: 'rejected', token: 'refunded' });
    expect(task.fail_reason).toMatch(/^Slow Down!: You can request .* Submit it again later\.$/);
  });

  it('what is drawn all the same is not sent again', async () => {
    const progress = { id: '{new:progress}', content: '**{prompt}** - <@{user}> (31%) (fast)' };
    const slow = { title: 'Slow Down!', description: 'Try again <t:1774990054:R>' };
    const attachments = [{ filename: 'u_7b5aa072-26f3-4902-a2e2-f76f2db12270.webp' }];
    await midjourney.replyWith({
      match: { promptContains: 'drawn all the same' },
      events: [
        { d: progress },
        { d: { type: 19, embeds: [slow], message_reference: { message_id: '{new:progress}' } } },
        { d: { content: '**{prompt}** - <@{user}> (fast)', attachments }, afterMs: 500 },
      ],
    });
    const task = await client.run('/imagine', { prompt: 'drawn all the same' });
    expect(task.msg_hash).toBe('7b5aa072-26f3-4902-a2e2-f76f2db12270');
    expect(await midjourney.jobs('drawn all the same')).toEqual([]);
  });

  it('its worker is killed meanwhile: another sends it, not before its time', async () => {
    const time = await slowDown('worker killed', 5);
    const id = await client.submit('/imagine', { prompt: 'worker killed' });
    await postponed(id);
    await system.worker.kill('SIGKILL');
    await system.start('worker');
    await expectDrawnOnceAfter(await client.ended(id), time);
  });

  it('Redis is emptied meanwhile: it comes back, not before its time', async () => {
    await slowDown('all forgotten', 600);
    const id = await client.submit('/imagine', { prompt: 'all forgotten' });
    await postponed(id);
    const redis = new Redis(system.redisUrl);
    await redis.del(await redis.keys(`${system.redisPrefix}:*`));
    await until('its job is there again', async () =>
      redis.exists(`${system.redisPrefix}:drawings:task-${id}`),
    );
    redis.disconnect();
    await passTime(system, id);
    await expectDrawnOnce(await client.ended(id));
  });
});

describe('"Queue full", which names none', () => {
  beforeAll(async () => {
    await system.stop();
    await start({
      drawMs: 2_500,
      env: {
        DISCORD_SESSION: 'user',
        DISCORD_BOT_TOKEN: '',
        SECRETS_KEY: secretsKey.toString('base64'),
      },
    });
    // This service is allowed three at a time, Midjourney takes one.
    await midjourney.account(system.simulator.accounts[0]?.userId ?? '', 'settings', {
      concurrency: 1,
      queueSize: 0,
    });
  });

  it('the account takes no other until one of its jobs has ended, and what was refused waits', async () => {
    const first = await client.submit('/imagine', { prompt: 'fits in' });
    await until('it is drawn', async () => (await client.task(first)).status === 'running');
    const second = await client.submit('/imagine', { prompt: 'one too many' });
    const { retry_at, queue } = await postponed(second);
    expect(queue?.reason).toContain('Queue full: Your job queue is full.');
    const third = await client.submit('/imagine', { prompt: 'kept back' });
    await client.succeeded(third);

    const [drawnFirst] = await midjourney.jobs('fits in');
    const [drawnThird, ...more] = await midjourney.jobs('kept back');
    expect(more).toEqual([]);
    expect(drawnThird?.requestedAt).toBeGreaterThanOrEqual(drawnFirst?.finishedAt ?? Number.NaN);
    // It is half a minute, as Midjourney names no time.
    expect(Date.parse(retry_at) - (drawnFirst?.requestedAt ?? 0)).toBeGreaterThan(30_000);
    await passTime(system, second);
    await expectDrawnOnce(await client.ended(second));
    expect(await midjourney.jobs('one too many')).toHaveLength(2);
  });

  it('where another account draws too, what was refused does not wait for a time, but for a slot there', async () => {
    const seal = createTokenSeal(secretsKey);
    const { guildId, channelId, userToken } = await midjourney.addAccount(1);
    const settings = { guildId, channelId, session: 'user', concurrency: 1, speed: null, weight: 1 } as const;
    const sealed = { userToken: seal.seal(userToken, 'other', 'user'), botToken: null };
    await addAccount(system.db, 'other', { ...settings, ...sealed });
    await until('it is ready', async () =>
      (await listAccounts(system.db)).every(({ state }) => state === 'ready'),
    );
    const running = ['one', 'two'].map((prompt) => client.submit('/imagine', { prompt: `busy ${prompt}` }));
    for (const id of await Promise.all(running))
      await until('it is drawn', async () => (await client.task(id)).status === 'running');
    const third = await client.submit('/imagine', { prompt: 'passed on' });
    await postponed(third);
    await client.succeeded(third);
    const [refused, done, ...more] = await midjourney.jobs('passed on');
    expect([refused?.state, done?.state, more]).toEqual(['refused', 'done', []]);
    expect((done?.requestedAt ?? Number.NaN) - (refused?.requestedAt ?? 0)).toBeLessThan(25_000);
  });
});
