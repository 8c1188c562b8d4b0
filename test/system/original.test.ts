import { setTimeout as sleep } from 'node:timers/promises';
import { migrateDatabase } from '@midjourney-api/shared/database/migrate';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../database.ts';
import { createOlderInstallation } from '../older-installation.ts';
import { distance, pixels, quadrant } from './pictures.ts';
import { type System, startSystem } from './system.ts';

const oldKey = 'f3a91c0e-a-key-of-the-older-service';
const drawn = ['SUCCESS', 'FAILURE', 'FAILED'];
const beingDrawn = ['', 'SUBMITTED', 'IN_PROGRESS', 'NOT_START'];

interface Polled {
  status: string;
  imageUrl: string;
  buttons: { msg_id: string; msg_hash: string };
  failReason: string;
  texts: string[];
}

let system: System;
beforeAll(async () => {
  const database = await createTestDatabase();
  await createOlderInstallation(database, [
    { userName: 'customer', appKey: oldKey, tokenTotal: 1_000, tokenUse: 7 },
  ]);
  await migrateDatabase(database);
  system = await startSystem({ database, env: { START_DEADLINE_MS: '4000' } });
});
afterAll(() => system.stop());

async function request<T>(method: string, route: string, body?: string | FormData): Promise<T> {
  const response = await fetch(`${system.apiUrl}/v1/api/trigger${route}`, {
    method,
    headers: {
      Authorization: `Bearer ${oldKey}`,
      ...(typeof body === 'string' && { 'Content-Type': 'application/json' }),
    },
    body: body ?? null,
  });
  expect([route, response.status]).toEqual([route, 200]);
  return (await response.json()) as T;
}

/** A client of the older service: it reads `result` and no more. @returns the id, and the task at its end. */
async function run(route: string, body: object | string): Promise<[string, Polled]> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const { result } = await request<{ result: string }>('POST', route, text);
  for (;;) {
    const task = await request<Polled>('GET', `/task/${result}`);
    if (drawn.includes(task.status)) return [result, task];
    if (!beingDrawn.includes(task.status)) throw new Error(`unknown status ${task.status}`);
    await sleep(50);
  }
}

/** It downloads each picture at once, with no key. */
async function download({ imageUrl }: Polled): Promise<Buffer[]> {
  return Promise.all(
    imageUrl.split('||').map(async (link) => Buffer.from(await (await fetch(link)).arrayBuffer())),
  );
}

const tokenUse = async () => (await request<{ token_use: number }>('GET', '/me')).token_use;

test('the key of an older installation draws, picks and varies as it did, with the tokens that it had', async () => {
  expect(await tokenUse()).toBe(7);
  const [gridId, grid] = await run('/imagine', { prompt: 'a beautiful sunset', picurl: '' });
  const four = await download(grid);
  expect(four).toHaveLength(4);
  const whole = Buffer.from(await (await fetch(grid.imageUrl.split('?')[0] ?? '')).arrayBuffer());
  for (const [at, picture] of four.entries())
    expect(distance(await pixels(picture), await quadrant(whole, at + 1))).toBeLessThan(3);

  const [, pick] = await run('/upscale', { ...grid.buttons, index: 2, trigger_id: gridId });
  const [single, ...others] = await download(pick);
  expect(others).toEqual([]);
  const distances = await Promise.all(
    four.map(async (picture) => distance(await pixels(picture), await pixels(single ?? Buffer.alloc(0)))),
  );
  expect(distances.indexOf(Math.min(...distances))).toBe(1);

  const [, variation] = await run('/variation', { ...grid.buttons, index: 3, trigger_id: gridId });
  expect(await download(variation)).toHaveLength(4);
  expect(await tokenUse()).toBe(10);
});

test('a message’s id may come back as a number, also for a picture that the older installation drew', async () => {
  const [id, grid] = await run('/imagine', { prompt: 'drawn long ago' });
  const asNumber = (triggerId: string) =>
    `{"trigger_id":"${triggerId}","index":4,"msg_id":${grid.buttons.msg_id},"msg_hash":"${grid.buttons.msg_hash}"}`;
  expect((await run('/upscale', asNumber(id)))[1].status).toBe('SUCCESS');
  // All that the older installation left is its message in the channel.
  await system.db.execute(`delete from tasks where msg_id = '${grid.buttons.msg_id}'`);
  expect((await run('/upscale', asNumber('1234567890')))[1].status).toBe('SUCCESS');
});

test('a picture that Midjourney does not finish is a FAILURE that says why, and costs nothing', async () => {
  const before = await tokenUse();
  const [id, failed] = await run('/imagine', { prompt: 'brokenmidway' });
  expect([failed.status, failed.failReason]).toEqual(['FAILURE', expect.stringMatching(/went wrong/)]);
  expect(await request('GET', `/result/${id}`)).toEqual({ code: 0, data: { task_status: 'BANNED' } });
  expect(await tokenUse()).toBe(before);
});

test('an upload is described, and drawn from', async () => {
  const form = new FormData();
  const png = sharp({ create: { width: 64, height: 64, channels: 3, background: 'teal' } }).png();
  form.append('file', new Blob([new Uint8Array(await png.toBuffer())], { type: 'image/png' }), 'my cat.png');
  const upload = await request<{ upload_filename: string; trigger_id: string }>('POST', '/upload', form);
  const named = JSON.stringify({ upload_filename: upload.upload_filename });
  const [, described] = await run('/describe', { ...upload });
  expect([described.status, described.texts]).toEqual(['SUCCESS', Array(4).fill(expect.any(String))]);
  const { picurl } = await request<{ picurl: string }>('POST', '/message', named);
  const [id] = await run('/imagine', { prompt: 'like this', picurl });
  const { data } = await request<{ data: object[] }>('GET', '/tasks?status=FINISH&limit=100&offset=0');
  expect(data[0]).toMatchObject({
    task_id: id,
    ref_pic_url: picurl,
    task_status: 'FINISH',
    prompts: 'like this',
  });
});
