import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { download, sha256 } from './pictures.ts';
import { type DrawnJob, SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';

let system: System;
let client: Client;
let simulator: SimulatorControl;

beforeAll(async () => {
  system = await startSystem();
  simulator = new SimulatorControl(system.simulator.controlUrl);
  client = await system.newUser(100);
});
afterAll(() => system.stop());

/** Presses buttons of several tasks at once, and waits for what comes of them. */
async function pressed(presses: [task: TaskView, customId: RegExp][]): Promise<TaskView[]> {
  const ids = await Promise.all(
    presses.map(([{ trigger_id, buttons }, wanted]) =>
      client.submit('/action', {
        trigger_id,
        custom_id: buttons.find(({ custom_id }) => wanted.test(custom_id))?.custom_id,
      }),
    ),
  );
  return Promise.all(ids.map((id) => client.succeeded(id)));
}

/** The job that was made for a task, whose very bytes it has. */
async function jobOf(task: TaskView): Promise<DrawnJob | undefined> {
  const job = (await simulator.jobs()).find(({ finalMessageId }) => finalMessageId === task.msg_id);
  expect(sha256(await download(task))).toBe(job?.imageSha256);
  expect(task.msg_hash).toBe(job?.hash);
  return job;
}

it('the videos of a sheet are picked and extended at once, each its own', async () => {
  const grid = await client.run('/imagine', { prompt: 'a kite over the sea --v 7' });
  const single = await client.run('/upscale', { trigger_id: grid.trigger_id, index: 2 });
  const sheet = await client.run('/animate', { trigger_id: single.trigger_id, motion: 'high' });
  const picks = await pressed([1, 2, 3, 4].map((n) => [sheet, new RegExp(`virtual_upscale::${n}::`)]));
  for (const [at, pick] of picks.entries()) {
    expect(pick.media_type).toBe('video/mp4');
    expect(await jobOf(pick)).toMatchObject({ kind: 'video_pick', index: at + 1, seconds: 5 });
  }
  // The texts of these are all alike, and each of them edits the message of its pick meanwhile.
  const extended = await pressed(picks.map((pick) => [pick, /animate_low_extend/]));
  for (const [at, longer] of extended.entries()) {
    expect(longer.media_type).toBe('image/webp');
    expect(await jobOf(longer)).toMatchObject({ kind: 'extend', index: at + 1, seconds: 9 });
  }
});

it('/imagine with --video, whose result replies to its own first message', async () => {
  const task = await client.run('/imagine', {
    prompt: 'https://example.com/a.png waves --video --motion low --bs 2',
  });
  expect(task.media_type).toBe('image/webp');
  expect(await jobOf(task)).toMatchObject({ kind: 'imagine', seconds: 5 });
});
