import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { download, sha256 } from './pictures.ts';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';

/** Videos from their picture to their last second, for an account that its user listens for. */

let system: System;
let client: Client;
let midjourney: SimulatorControl;
let single: TaskView;
let sheet: TaskView;

beforeAll(async () => {
  system = await startSystem({ env: { DISCORD_SESSION: 'user', DISCORD_BOT_TOKEN: '' } });
  client = await system.newUser(1_000);
  midjourney = new SimulatorControl(system.simulator.controlUrl);
  const grid = await client.run('/imagine', { prompt: 'a paper boat --v 7' });
  single = await client.run('/upscale', { trigger_id: grid.trigger_id, index: 2 });
  sheet = await client.run('/animate', { trigger_id: single.trigger_id, motion: 'high' });
});
afterAll(() => system.stop());

async function jobOf(task: TaskView) {
  const job = (await midjourney.jobs()).find(({ finalMessageId }) => finalMessageId === task.msg_id);
  expect(sha256(await download(task))).toBe(job?.imageSha256);
  return job;
}

const variant = (task: TaskView, query: string) =>
  download({ ...task, image_url: `${task.image_url}?${query}` });

/** The bars below the videos, by their numbers, as the simulator paints them. */
const colours = [0xb03a2e, 0x1e8449, 0x21618c, 0xb9770e];

/** The number of the video that a frame shows, by the colour of its last pixel. */
async function videoIn(frame: Sharp): Promise<number> {
  const { data, info } = await frame.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const [red = 0, green = 0, blue = 0] = data.subarray(-info.channels);
  const distances = colours.map(
    (colour) =>
      Math.abs((colour >> 16) - red) +
      Math.abs(((colour >> 8) & 255) - green) +
      Math.abs((colour & 255) - blue),
  );
  expect(Math.min(...distances)).toBeLessThan(120);
  return distances.indexOf(Math.min(...distances)) + 1;
}

async function upload(): Promise<string> {
  const form = new FormData();
  form.append('file', await (await fetch(single.image_url ?? '')).blob(), 'boat.png');
  return (await client.request<{ upload_filename: string }>('POST', '/upload', form)).body.upload_filename;
}

describe('four videos of a picture', () => {
  it('come as one moving webp, with its duration and a poster', async () => {
    expect(sheet).toMatchObject({ trigger_type: 'animate', media_type: 'image/webp', duration: 5 });
    expect(await jobOf(sheet)).toMatchObject({ kind: 'animate' });
    const poster = await fetch(sheet.poster_url ?? '');
    expect(poster.headers.get('content-type')).toBe('image/webp');
    const still = await sharp(Buffer.from(await poster.arrayBuffer())).metadata();
    expect(still).toMatchObject({ width: sheet.width, height: sheet.height });
    expect(still.pages ?? 1).toBe(1);
  });

  it.each([1, 2, 3, 4])('have each a part of its own, which moves: %d', async (part) => {
    const moving = await variant(sheet, `part=${part}`);
    const { pages, delay, width } = await sharp(moving).metadata();
    expect([pages, delay?.reduce((sum, ms) => sum + ms), width]).toEqual([12, 5_004, (sheet.width ?? 0) / 2]);
    for (const page of [0, 6, 11]) expect(await videoIn(sharp(moving, { page }))).toBe(part);
    const small = await variant(sheet, `part=${part}&w=64&poster=1`);
    expect(await videoIn(sharp(small))).toBe(part);
  });

  it('are drawn again', async () => {
    const again = await client.run('/reset', { trigger_id: sheet.trigger_id });
    expect(again).toMatchObject({ media_type: 'image/webp', duration: 5 });
    expect(again.msg_hash).not.toBe(sheet.msg_hash);
  });
});

describe('a video that was picked', () => {
  let picks: TaskView[];
  beforeAll(async () => {
    picks = await Promise.all(
      [1, 2, 3, 4].map((index) => client.run('/video_upscale', { trigger_id: sheet.trigger_id, index })),
    );
  });

  it.each([1, 2, 3, 4])('is an mp4, with the poster of its own: %d', async (index) => {
    const pick = picks[index - 1] as TaskView;
    expect(pick).toMatchObject({
      trigger_type: 'video_upscale',
      index,
      media_type: 'video/mp4',
      duration: 5,
    });
    expect(await jobOf(pick)).toMatchObject({ kind: 'video_pick', index });
    const poster = await fetch(pick.poster_url ?? '');
    expect([poster.status, poster.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect(await videoIn(sharp(Buffer.from(await poster.arrayBuffer())))).toBe(index);
  });

  it('can be had in parts, as players ask for it, but has no parts of a grid', async () => {
    const [pick] = picks;
    const whole = await download(pick as TaskView);
    const range = await fetch(pick?.image_url ?? '', { headers: { range: 'bytes=100-199' } });
    expect([range.status, range.headers.get('content-type')]).toEqual([206, 'video/mp4']);
    expect(Buffer.from(await range.arrayBuffer()).equals(whole.subarray(100, 200))).toBe(true);
    for (const query of ['part=1', 'w=64']) {
      const refused = await fetch(`${pick?.image_url}?${query}`);
      expect([refused.status, (await refused.json()) as object]).toMatchObject([404, { code: 'not_found' }]);
    }
  });

  it('is made four seconds longer until it has 21', async () => {
    let pick = picks[2] as TaskView;
    for (const seconds of [9, 13, 17, 21]) {
      const longer = await client.run('/extend', { trigger_id: pick.trigger_id, motion: 'low' });
      expect(longer).toMatchObject({ trigger_type: 'extend', media_type: 'image/webp', duration: seconds });
      expect(await jobOf(longer)).toMatchObject({ kind: 'extend', detail: 'low' });
      pick = await client.run('/video_upscale', { trigger_id: longer.trigger_id, index: 3 });
      expect(pick).toMatchObject({ media_type: 'video/mp4', duration: seconds });
    }
    const refused = await client.request('POST', '/extend', { trigger_id: pick.trigger_id, motion: 'low' });
    expect([refused.status, refused.body]).toMatchObject([409, { code: 'action_unavailable' }]);
  });

  it('is made longer with another prompt, in remix mode', async () => {
    await midjourney.account(system.simulator.accounts[0]?.userId ?? '', 'settings', { remix: true });
    const prompt = 'it sinks slowly';
    const longer = await client.run('/extend', { trigger_id: picks[0]?.trigger_id, motion: 'high', prompt });
    const animated = await client.run('/animate', { trigger_id: single.trigger_id, motion: 'low', prompt });
    await midjourney.account(system.simulator.accounts[0]?.userId ?? '', 'settings', { remix: false });
    expect(longer).toMatchObject({ prompt, duration: 9 });
    expect((await jobOf(longer))?.prompt).toContain(prompt);
    expect(animated).toMatchObject({ prompt, duration: 5 });
    expect((await jobOf(animated))?.prompt).toContain(prompt);
  });
});

describe('videos of any picture', () => {
  it('by its URL: a prompt, two videos, and another picture at the end', async () => {
    const picurl = 'https://example.com/boat.png';
    const endUrl = 'https://example.com/harbour.png';
    const prompt = 'the boat comes home';
    const task = await client.run('/video', {
      picurl,
      end_url: endUrl,
      prompt,
      motion: 'high',
      batch: 2,
      raw: true,
    });
    expect(task).toMatchObject({
      trigger_type: 'video',
      prompt,
      sent_prompt: `${picurl} ${prompt} --video --motion high --bs 2 --raw --end ${endUrl}`,
      media_type: 'image/webp',
      duration: 5,
    });
    expect(task.warnings).toBeUndefined();
    expect(await jobOf(task)).toMatchObject({ kind: 'imagine', seconds: 5 });
    const refused = await fetch(`${task.image_url}?part=1`);
    expect([refused.status, await refused.json()]).toMatchObject([404, { detail: /pick it by its button/ }]);
    const pick = await client.run('/video_upscale', { trigger_id: task.trigger_id, index: 2 });
    expect(pick).toMatchObject({ media_type: 'video/mp4', index: 2 });
    expect((await fetch(pick.poster_url ?? '')).status).toBe(200);
  });

  it('of uploads, without a word, several at once', async () => {
    const uploadFilename = await upload();
    const tasks = await Promise.all([
      client.run('/video', { upload_filename: uploadFilename, loop: true }),
      client.run('/video', { upload_filename: uploadFilename, end_upload_filename: await upload() }),
    ]);
    expect(new Set(tasks.map(({ msg_hash }) => msg_hash)).size).toBe(2);
    expect(tasks[0]?.sent_prompt).toMatch(/^https?:\S+ --video --motion low --bs 4 --loop$/);
    for (const task of tasks) expect(await jobOf(task)).toMatchObject({ kind: 'imagine', seconds: 5 });
  });

  it.each([
    ['no picture', { prompt: 'a boat' }],
    ['two pictures', { picurl: 'https://example.com/a.png', upload_filename: 'a/b.png' }],
    ['two ends', { picurl: 'https://example.com/a.png', loop: true, end_url: 'https://example.com/b.png' }],
    ['turbo', { picurl: 'https://example.com/a.png', speed: 'turbo' }],
    ['another motion in the prompt', { picurl: 'https://example.com/a.png', prompt: 'a --motion high' }],
  ])('are refused with %s, for nothing', async (_what, body) => {
    const before = await client.tokenUse();
    const refused = await client.request('POST', '/video', body);
    expect([refused.status, refused.body]).toMatchObject([400, { code: 'invalid_request' }]);
    expect(await client.tokenUse()).toBe(before);
  });
});
