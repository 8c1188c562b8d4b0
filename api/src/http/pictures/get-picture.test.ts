import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TaskResult } from '@midjourney-api/shared/tasks/task';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { losslessWebp } from '../../commands/upload/evil-pictures.fixture.ts';
import { newPictureFile, originalPath, parsePictureFile } from '../../pictures/picture-file.ts';
import type { PictureExtension } from '../../pictures/picture-format.ts';
import {
  finishedGrid,
  openTestApi,
  readAnswer,
  sent,
  type TestApi,
  type TestClient,
  taskId,
} from '../../testing/open-test-api.ts';

let api: TestApi;
let folder: string;
const colours = ['#ff0000', '#00ff00', '#0000ff', '#ffffff'] as const;
let grid: Buffer;
let gridPath: string;
let gridTask: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'images-'));
  api = await openTestApi({ IMAGE_STORE: 'fs', DATA_DIR: folder, PUBLIC_URL: 'https://mj.example/' });
  grid = await sharp({ create: { width: 400, height: 200, channels: 3, background: '#000' } })
    .composite(
      await Promise.all(
        colours.map(async (background, at) => ({
          input: await sharp({ create: { width: 200, height: 100, channels: 3, background } })
            .png()
            .toBuffer(),
          left: (at % 2) * 200,
          top: at > 1 ? 100 : 0,
        })),
      ),
    )
    .png()
    .toBuffer();
  [gridTask, gridPath] = await finish(grid, 'png', { width: 400, height: 200 });
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

const newClient = () => api.client(`user-${crypto.randomUUID()}`);

/** @returns the id of a new task with this picture, and the path of its image_url. */
async function finish(
  bytes: Buffer,
  extension: PictureExtension,
  different: Partial<TaskResult> = {},
  durationMs: number | null = null,
  owner?: TestClient,
): Promise<[string, string]> {
  const client = owner ?? (await newClient());
  const { trigger_id } = (await client.post('/imagine', { prompt: 'a cat' })).json;
  const file = newPictureFile(taskId(trigger_id), extension);
  await api.deps.pictures?.store.put(originalPath(file), bytes, '');
  const finished = finishedGrid();
  if (finished.type !== 'succeeded') throw new Error('it did not succeed');
  const event = {
    ...finished,
    result: { ...finished.result, ...different },
    copy: { imageFile: file.name, durationMs },
  };
  await api.happen(trigger_id, ...sent(), event);
  const link = String((await client.get(`/task/${trigger_id}`)).json.image_url);
  expect(link).toBe(`https://mj.example/v1/images/${file.name}`);
  return [trigger_id, new URL(link).pathname];
}

async function get(address: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await api.app.request(address, { method, headers });
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
}

describe('a stored picture', () => {
  test('is sent as it came, to everybody who has the link, to be kept for ever', async () => {
    const { response, bytes } = await get(gridPath);
    expect(response.status).toBe(200);
    expect(bytes.equals(grid)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(grid.length),
      'accept-ranges': 'bytes',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
      etag: expect.stringMatching(/^"\d+-[0-9a-f]{32}"$/),
      'last-modified': expect.stringMatching(/GMT$/),
    });
  });

  test('HEAD answers the same without it', async () => {
    const { response, bytes } = await get(gridPath, {}, 'HEAD');
    expect([response.status, bytes.length, response.headers.get('Content-Length')]).toEqual([
      200,
      0,
      String(grid.length),
    ]);
  });

  test('is not sent to a client that has it', async () => {
    const etag = (await get(gridPath)).response.headers.get('ETag') ?? '';
    const { response, bytes } = await get(gridPath, { 'If-None-Match': etag });
    expect([response.status, bytes.length, response.headers.get('ETag')]).toEqual([304, 0, etag]);
    expect((await get(`${gridPath}?w=64`, { 'If-None-Match': etag })).response.status).toBe(200);
  });

  test('is sent in parts', async () => {
    const { response, bytes } = await get(gridPath, { Range: 'bytes=10-19' });
    expect(response.status).toBe(206);
    expect(response.headers.get('Content-Range')).toBe(`bytes 10-19/${grid.length}`);
    expect(response.headers.get('Content-Length')).toBe('10');
    expect(bytes.equals(grid.subarray(10, 20))).toBe(true);
    expect((await get(gridPath, { Range: 'bytes=-7' })).bytes.equals(grid.subarray(-7))).toBe(true);
  });

  test('is sent whole when the part that a client has is of another', async () => {
    const etag = (await get(gridPath)).response.headers.get('ETag') ?? '';
    const part = (ifRange: string) => get(gridPath, { Range: 'bytes=0-0', 'If-Range': ifRange });
    expect((await part(etag)).response.status).toBe(206);
    expect((await part('"another"')).response.status).toBe(200);
  });

  test('has nothing behind its end', async () => {
    const { response, bytes } = await get(gridPath, { Range: `bytes=${grid.length}-` });
    expect([response.status, response.headers.get('Content-Range')]).toEqual([416, `bytes */${grid.length}`]);
    expect(JSON.parse(bytes.toString())).toMatchObject({ code: 'range_not_satisfiable' });
    expect(response.headers.get('Cache-Control')).toBeNull();
  });
});

describe('a part of a grid', () => {
  test.each([1, 2, 3, 4])('%i is its quadrant, pixel by pixel', async (part) => {
    const { response, bytes } = await get(`${gridPath}?part=${part}`);
    expect(response.headers.get('Content-Type')).toBe('image/png');
    const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([200, 100]);
    const seen = new Set<string>();
    for (let at = 0; at < data.length; at += 3) seen.add(`#${data.toString('hex', at, at + 3)}`);
    expect([...seen]).toEqual([colours[part - 1]]);
  });

  test('is its quadrant of a webp too, which is decoded once for those that are wanted together', async () => {
    const [, address] = await finish(await sharp(grid).webp({ lossless: true }).toBuffer(), 'webp');
    const parts = await Promise.all([1, 2, 3, 4].map((part) => get(`${address}?part=${part}`)));
    for (const [at, { response, bytes }] of parts.entries()) {
      expect(response.headers.get('Content-Type')).toBe('image/webp');
      const { channels } = await sharp(bytes).removeAlpha().stats();
      const seen = channels.map(({ mean }) => Math.round(mean / 255) * 255);
      expect(`#${Buffer.from(seen).toString('hex')}`).toBe(colours[at]);
    }
  });

  test('is there at once of many grids, each of which is read once for all four', async () => {
    const store = api.deps.pictures?.store;
    if (!store) throw new Error('no store');
    const owner = await newClient();
    const addresses: string[] = [];
    for (let i = 0; i < 20; i++) addresses.push((await finish(grid, 'png', {}, null, owner))[1]);
    const { find } = store;
    const read: string[] = [];
    store.find = async (name) => {
      if (name.endsWith('/picture.png')) read.push(name);
      return find(name);
    };
    const answers = await Promise.all(
      addresses.flatMap((address) => [1, 2, 3, 4].map((part) => get(`${address}?part=${part}`))),
    );
    store.find = find;
    expect(answers.map(({ response }) => response.status)).toEqual(Array(80).fill(200));
    expect([read.length, new Set(read).size]).toEqual([20, 20]);
  });

  test('is not there of a single picture', async () => {
    const [, single] = await finish(grid, 'png', { buttons: [] });
    const { status, json } = await readAnswer(await api.app.request(`${single}?part=1`));
    expect([status, json.code]).toEqual([404, 'not_found']);
  });

  test.each(['part=0', 'part=5', 'part=x', 'w=31', 'w=2049', 'w=1.5', 'w=x'])('refuses %s', async (query) => {
    const { status, json } = await readAnswer(await api.app.request(`${gridPath}?${query}`));
    expect([status, json.code]).toEqual([400, 'invalid_request']);
  });
});

describe('a smaller picture', () => {
  test.each([
    ['w=32', 64, 32],
    ['w=100', 128, 64],
    ['w=128', 128, 64],
    ['w=2048', 400, 200],
    ['w=64&part=2', 64, 32],
  ])('%s has %i × %i pixels of webp', async (query, width, height) => {
    const { response, bytes } = await get(`${gridPath}?${query}`);
    expect(response.headers.get('Content-Type')).toBe('image/webp');
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width, height });
  });

  test('is made once for all that ask, and kept', async () => {
    const [id, address] = await finish(grid, 'png', { width: 400 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => get(`${address}?w=200`)));
    const tags = new Set(answers.map(({ response }) => response.headers.get('ETag')));
    expect(tags.size).toBe(1);
    const file = parsePictureFile(address.split('/').at(-1) ?? '');
    expect(await readdir(path.join(folder, 'images', file?.folder ?? ''))).toEqual([
      'picture.png',
      'w256.webp',
    ]);
    expect(id).toBe(file?.taskId);
  });

  test('is not made of one that would take gigabytes to decode, which is sent whole', async () => {
    const huge = losslessWebp(16_000, 5_000);
    const [, address] = await finish(huge, 'webp', { width: 16_000 });
    const { status, json } = await readAnswer(await api.app.request(`${address}?w=64`));
    expect([status, json.code, json.detail]).toEqual([
      404,
      'not_found',
      expect.stringContaining('Take it whole'),
    ]);
    expect((await get(address)).bytes.equals(huge)).toBe(true);
  });

  test('any requested width becomes one of a few', async () => {
    const [, address] = await finish(grid, 'png', { width: 400 });
    for (let width = 32; width <= 2_048; width += 63) await get(`${address}?w=${width}`);
    const file = parsePictureFile(address.split('/').at(-1) ?? '');
    const kept = await readdir(path.join(folder, 'images', file?.folder ?? ''));
    expect(kept.sort()).toEqual([
      'picture.png',
      'w128.webp',
      'w256.webp',
      'w384.webp',
      'w512.webp',
      'w64.webp',
    ]);
  });

  test('does not wait behind too many others', async () => {
    const store = api.deps.pictures?.store;
    if (!store) throw new Error('no store');
    const addresses: string[] = [];
    const owner = await newClient();
    for (let i = 0; i < 54; i++) addresses.push((await finish(grid, 'png', {}, null, owner))[1]);
    // One is being made and fifty wait for it, until three more were refused.
    const { find } = store;
    let refuse = () => {};
    const refused = new Promise<void>((resolve) => {
      refuse = resolve;
    });
    store.find = async (name) => {
      if (name.endsWith('.png')) await refused;
      return find(name);
    };
    const statuses: number[] = [];
    const get503 = async (address: string) => {
      const { response } = await get(`${address}?w=64`);
      statuses.push(response.status);
      if (response.status === 503) expect(response.headers.get('Retry-After')).toBe('3');
      if (statuses.length === 3) refuse();
    };
    await Promise.all(addresses.map(get503));
    store.find = find;
    expect(statuses.slice(0, 3)).toEqual([503, 503, 503]);
    expect(new Set(statuses.slice(3))).toEqual(new Set([200]));
  });
});

test('a video is sent as what it is, in parts too, and not made smaller', async () => {
  const video = Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42'), Buffer.alloc(100)]);
  const [, address] = await finish(video, 'mp4', { buttons: [] });
  const { response } = await get(address, { Range: 'bytes=0-9' });
  expect([response.status, response.headers.get('Content-Type')]).toEqual([206, 'video/mp4']);
  expect((await get(`${address}?w=64`)).response.status).toBe(404);
});

describe('nobody can guess a link', () => {
  test('whatever is wrong with it, the answer is the same', async () => {
    const other = (await finish(grid, 'png'))[1].split('-')[1];
    const [base = ''] = gridPath.split('.');
    const wrong = [
      `${base.slice(0, -1)}${base.endsWith('0') ? '1' : '0'}.png`,
      `${base}.jpg`,
      `/v1/images/${gridTask}-${other}`,
      `/v1/images/${gridTask}.png`,
      `/v1/images/1234567890-${'0'.repeat(32)}.png`,
      '/v1/images/picture.png',
      '/v1/images/..%2f..%2f..%2fetc%2fpasswd',
    ];
    for (const address of wrong) {
      const { status, json, headers } = await readAnswer(await api.app.request(address));
      expect([address, status, json.code, json.detail]).toEqual([
        address,
        404,
        'not_found',
        'There is no such picture.',
      ]);
      expect(headers.get('Cache-Control')).toBe('no-store');
    }
  });

  test('two pictures share nothing of their keys', () => {
    const keys = new Set(
      Array.from(
        { length: 1_000 },
        () => newPictureFile(taskId('1767323045678400'), 'png').name.split('-')[1],
      ),
    );
    expect(keys.size).toBe(1_000);
  });
});

test('a picture that the store has lost is answered as one that is not there, and logged', async () => {
  const [id, address] = await finish(grid, 'png');
  const file = parsePictureFile(address.split('/').at(-1) ?? '');
  await rm(path.join(folder, 'images', file?.folder ?? ''), { recursive: true });
  expect((await get(address)).response.status).toBe(404);
  expect((await get(`${address}?w=64`)).response.status).toBe(404);
  expect(api.logged).toContainEqual(expect.objectContaining({ level: 50, task: id }));
});

test('a late picture is opened by operators only, until its owner has claimed it', async () => {
  const client = await api.client('late');
  const { trigger_id: id } = (await client.post('/imagine', { prompt: 'a cat' })).json;
  const file = newPictureFile(taskId(id), 'png');
  await api.deps.pictures?.store.put(originalPath(file), grid, '');
  await api.happen(id, ...sent(), { type: 'failed', code: 'timeout', reason: 'too slow' });
  await api.happen(id, finishedGrid('1279000000000000777'), {
    type: 'picture_stored',
    copy: { imageFile: file.name, durationMs: null },
  });
  const operator = await api.client('who-may-see', 0, 'operator');
  const open = async (appKey?: string) =>
    api.app.request(`/v1/images/${file.name}`, {
      headers: appKey ? { Authorization: `Bearer ${appKey}` } : {},
    });
  expect((await open()).status).toBe(404);
  expect((await open(client.appKey)).status).toBe(404);
  const seen = await open(operator.appKey);
  expect([seen.status, seen.headers.get('Cache-Control')]).toEqual([200, 'private, no-store']);
  await client.post(`/task/${id}/claim`, '');
  expect((await open()).status).toBe(200);
});
