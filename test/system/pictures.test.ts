import { existsSync } from 'node:fs';
import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { distance, download, pixels, quadrant, sha256 } from './pictures.ts';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

let system: System;

/** How long Discord's links work here. It counts in seconds. */
const linkLifetimeMs = 4_000;

/** One for all tests of the suite. */
function useSystem(env: Record<string, string> = {}): void {
  beforeAll(async () => {
    system = await startSystem({ linkLifetimeMs, env });
  });
  afterAll(() => system.stop());
}

async function drawnPicture(task: TaskView): Promise<string | undefined> {
  const jobs = await new SimulatorControl(system.simulator.controlUrl).jobs();
  return jobs.find(({ id }) => id === task.msg_hash)?.imageSha256;
}

/** Discord's own link to a task's picture. */
async function discordLink(task: TaskView): Promise<string> {
  const [rows] = await system.db.execute(`select image_url from tasks where id = ${task.trigger_id}`);
  return (rows as unknown as { image_url: string }[])[0]?.image_url ?? '';
}

async function untilExpired(link: string): Promise<void> {
  await until('the link expires', async () => (await fetch(link)).status >= 400);
}

async function previewOf(client: Client, id: string) {
  const address = await until('it shows a preview', async () => (await client.task(id)).preview_url);
  const response = await fetch(address);
  expect(response.status).toBe(200);
  const type = response.headers.get('content-type') ?? '';
  return { address, type, bytes: Buffer.from(await response.arrayBuffer()) };
}

describe('a picture', () => {
  useSystem();

  it('opens by its link after Discord’s has expired, and its parts too', async () => {
    const client = await system.newUser();
    const task = await client.run('/imagine', { prompt: 'a lighthouse that stays --v 7' });
    expect(task.image_url).toMatch(`${system.apiUrl}/v1/images/${task.trigger_id}-`);
    const link = await discordLink(task);
    expect((await fetch(link)).status).toBe(200);
    await untilExpired(link);

    const picture = await download(task);
    expect(sha256(picture)).toBe(await drawnPicture(task));
    for (const part of [1, 2, 3, 4]) {
      const cell = await download({ ...task, image_url: `${task.image_url}?part=${part}` });
      expect(distance(await pixels(cell), await quadrant(picture, part))).toBe(0);
    }
    const small = await download({ ...task, image_url: `${task.image_url}?w=64` });
    expect(await sharp(small).metadata()).toMatchObject({ format: 'webp', width: 64 });
    expect(await client.tokenUse()).toBe(1);
  });

  it('of version 8 is webp, as large as it was drawn, and has parts as well', async () => {
    const client = await system.newUser();
    const task = await client.run('/imagine', { prompt: 'a lighthouse in detail --hd --v 8.2' });
    expect(task).toMatchObject({ media_type: 'image/webp', width: 512, height: 512 });
    const picture = await download(task);
    expect(sha256(picture)).toBe(await drawnPicture(task));
    for (const part of [1, 2, 3, 4]) {
      const cell = await download({ ...task, image_url: `${task.image_url}?part=${part}` });
      // Packed once more, and not without loss.
      expect(distance(await pixels(cell), await quadrant(picture, part))).toBeLessThan(2);
    }
  });

  it.concurrent.each(['a slow lighthouse --v 8.2', 'a slow harbour --v 7'])(
    '%s: is seen while it is drawn',
    async (prompt) => {
      const client = await system.newUser();
      const midjourney = new SimulatorControl(system.simulator.controlUrl);
      const [promptContains] = prompt.split(' --');
      await midjourney.fault({ kind: 'slow', drawMs: 5_000, match: { promptContains }, times: 2 });
      const grid = await client.submit('/imagine', { prompt });
      const previews = [await previewOf(client, grid)];
      const { trigger_id } = await client.succeeded(grid);
      expect((await fetch(previews[0]?.address ?? '')).status).toBe(404);
      previews.push(await previewOf(client, await client.submit('/reset', { trigger_id })));
      for (const { type, bytes } of previews) {
        expect(type).toMatch(/^image\/(webp|jpeg)$/);
        expect((await sharp(bytes).metadata()).width).toBeGreaterThan(0);
      }
    },
  );

  it('stays when the api is restarted, and a part of it can be had', async () => {
    const client = await system.newUser();
    const task = await client.run('/imagine', { prompt: 'a lighthouse' });
    await system.api.kill('SIGKILL');
    system.api = await system.start('api');
    const response = await fetch(task.image_url ?? '', { headers: { Range: 'bytes=0-7' } });
    expect([response.status, response.headers.get('content-length')]).toEqual([206, '8']);
    const head = await fetch(task.image_url ?? '', { method: 'HEAD' });
    expect(Number(head.headers.get('content-length'))).toBe((await download(task)).length);
  });
});

describe('a picture that its task does not wait for', () => {
  useSystem({ IMAGE_COPY: 'after', ACCOUNT_LEASE_MS: '1500' });

  it('is copied after it, while the api that was notified of it dies', async () => {
    const client = await system.newUser();
    const id = await client.submit('/imagine', { prompt: 'a lighthouse' });
    await until('it has succeeded', async () => (await client.task(id)).status === 'succeeded');
    await system.api.kill('SIGKILL');
    await system.start('api');
    const task = await until('it is stored', async () => {
      const shown = await client.task(id);
      return shown.image_url?.startsWith(system.apiUrl) && shown;
    });
    expect(sha256(await download(task))).toBe(await drawnPicture(task));
  });
});

describe('a picture that is not kept', () => {
  useSystem({ IMAGE_STORE: 'none' });

  it('has a link that works whenever its task is read', async () => {
    const client = await system.newUser();
    const task = await client.run('/imagine', { prompt: 'a lighthouse that is not kept' });
    const link = await discordLink(task);
    expect(task.image_url).toBe(link);
    await untilExpired(link);
    const again = await client.task(task.trigger_id);
    expect(again.image_url).not.toBe(link);
    expect(sha256(await download(again))).toBe(await drawnPicture(task));
    const { body } = await client.request<{ data: TaskView[] }>('GET', '/tasks');
    expect((await fetch(body.data[0]?.image_url ?? '')).status).toBe(200);
    expect(existsSync(`${system.dataDir}/images`)).toBe(false);
  });
});
