import { unpaced } from '@midjourney-api/shared/accounts/account.fixture';
import { changeAccount } from '@midjourney-api/shared/accounts/accounts';
import type { Pacing } from '@midjourney-api/shared/accounts/pacing/pacing';
import { tasks } from '@midjourney-api/shared/database/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shownAccount } from './account.ts';
import type { Client } from './client.ts';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

/** An account that keeps itself to a pace, seen from outside. */

let system: System;
let client: Client;
let midjourney: SimulatorControl;

beforeAll(async () => {
  system = await startSystem({
    concurrency: 6,
    env: { DISCORD_SESSION: 'user', DISCORD_BOT_TOKEN: '', ACCOUNT_LEASE_MS: '1200' },
  });
  client = await system.newUser(1_000);
  midjourney = new SimulatorControl(system.simulator.controlUrl);
});
afterAll(() => system.stop());

const account = () => shownAccount(system);

/** Waits until its session has begun again with these settings. */
async function paced(pacing: Partial<Pacing>): Promise<void> {
  const begun = sessionsBegun();
  await changeAccount(system.db, 'default', { pacing: { ...unpaced, ...pacing } });
  await until('it has begun again', async () => sessionsBegun() > begun);
}

function sessionsBegun(): number {
  return system.output().split('"state":"ready"').length - 1;
}

const submit = (prompt: string) => client.submit('/imagine', { prompt });

/** When Midjourney was asked for these, in order. */
async function requestedAt(prompt: string): Promise<number[]> {
  return (await midjourney.jobs(prompt)).map((job) => job.requestedAt).sort((a, b) => a - b);
}

describe('the pace of an account', () => {
  it('keeps its gap between drawings and presses that come together', async () => {
    const grid = await client.run('/imagine', { prompt: 'what is picked from' });
    await paced({ min_gap: 0.5 });
    const ids = await Promise.all([
      ...[1, 2, 3].map((at) => submit(`with a gap ${at}`)),
      ...[1, 2].map((index) => client.submit('/upscale', { trigger_id: grid.trigger_id, index })),
    ]);
    for (const id of ids) await client.succeeded(id);
    const all = (await midjourney.jobs()).map((job) => job.requestedAt).sort((a, b) => a - b);
    const gaps = all
      .slice(-5)
      .map((at, n, times) => (n === 0 ? Number.POSITIVE_INFINITY : at - (times[n - 1] ?? 0)));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(495);
  });

  it('draws no more in an hour than it may, says so, and lets picks pass', async () => {
    const drawn = (await midjourney.jobs()).filter(({ kind }) => kind === 'imagine').length;
    await paced({ per_hour: drawn + 2 });
    const grid = await client.run('/imagine', { prompt: 'the last but one of the hour' });
    await client.run('/imagine', { prompt: 'the last one of the hour' });
    const [drawing, variation] = await Promise.all([
      submit('in the next hour'),
      client.submit('/variation', { trigger_id: grid.trigger_id, index: 1 }),
    ]);
    const waiting = await until('it is known why', async () => {
      const task = await client.task(drawing);
      return task.queue?.reason ? task : undefined;
    });
    expect(waiting.queue).toMatchObject({ position: 1, reason: expect.stringContaining('times in an hour') });
    expect(waiting.queue?.estimate_seconds).toBeGreaterThan(3_000);
    await until('it is known why the variation waits', async () =>
      (await client.task(variation)).queue?.reason?.includes('times in an hour'),
    );
    expect(await account()).toMatchObject({ state: 'ready', reason: expect.stringContaining('in an hour') });
    await client.run('/upscale', { trigger_id: grid.trigger_id, index: 1 });
    expect(await requestedAt('in the next hour')).toEqual([]);

    // A worker that takes the account over knows what was drawn.
    await system.worker.kill('SIGKILL');
    await system.start('worker');
    await until('it pauses again', async () => (await account())?.until);
    expect(await requestedAt('in the next hour')).toEqual([]);

    // The hour passes.
    await system.db.update(tasks).set({ sentAt: new Date(Date.now() - 3_600_000) });
    await paced({ per_hour: 10 });
    for (const id of [drawing, variation]) await client.succeeded(id);
    expect(await account()).toMatchObject({ reason: null, until: null });
  });

  it('sends nothing outside its working hours', async () => {
    const clock = (at: number) => new Date(at).toISOString().slice(11, 16);
    const later = Date.now() + 2 * 3_600_000;
    await paced({ hours: `${clock(later)}-${clock(later + 3_600_000)}` });
    const id = await submit('after hours');
    await until('it is known why', async () => (await client.task(id)).queue?.reason?.includes('works from'));
    expect(await requestedAt('after hours')).toEqual([]);
    await paced({});
    await client.succeeded(id);
  });

  it('draws videos in slots of their own', async () => {
    const grid = await client.run('/imagine', { prompt: 'what moves' });
    const [first, second] = await Promise.all(
      [1, 2].map((index) => client.run('/upscale', { trigger_id: grid.trigger_id, index })),
    );
    await paced({ videos: 1 });
    await midjourney.fault({ kind: 'slow', drawMs: 60_000, times: 1, match: { kind: 'animate' } });
    const videos = await Promise.all(
      [first, second].map((pick) =>
        client.submit('/animate', { trigger_id: pick?.trigger_id, motion: 'low' }),
      ),
    );
    const states = async () =>
      (await Promise.all(videos.map((id) => client.task(id)))).map(({ status }) => status);
    await until('one is drawn', async () => (await states()).includes('running'));
    // The other one waits, and keeps no picture from being drawn.
    await Promise.all(
      [1, 2, 3, 4, 5, 6].map((at) => client.run('/imagine', { prompt: `beside a video ${at}` })),
    );
    expect((await states()).sort()).toEqual(['queued', 'running']);
    // Until the slot is free.
    const [drawn, waiting] = (await states())[0] === 'running' ? videos : videos.toReversed();
    await client.request('POST', '/cancel', { trigger_id: drawn });
    expect((await client.ended(drawn ?? '')).fail_code).toBe('cancelled');
    await client.succeeded(waiting ?? '');
  });

  it('draws in relax mode what names no speed once fast hours are nearly used up', async () => {
    const description = '**Fast Time Remaining**: 0.10/15.0 hours (0.67%)';
    const embeds = [{ title: 'Your info', description }];
    await midjourney.replyWith({
      match: { command: 'info' },
      times: 100,
      events: [{ d: { nonce: '{nonce}', flags: 64, embeds } }],
    });
    await paced({ when_fast_ends: 'relax' });
    await client.run('/imagine', { prompt: 'after which it is asked' });
    await until('it is drawn in relax mode', async () => {
      await client.run('/imagine', { prompt: 'relaxed, perhaps' });
      return (await midjourney.jobs('relaxed, perhaps --relax')).length > 0;
    });
    await client.run('/imagine', { prompt: 'as it says --fast' });
    expect(await midjourney.jobs('as it says --fast --relax')).toEqual([]);

    await paced({ when_fast_ends: 'stop' });
    await client.run('/imagine', { prompt: 'after which it is asked again' });
    await until('it pauses', async () => (await account())?.reason?.includes('fast hours'));
    await midjourney.clearReplies();
  });
});
