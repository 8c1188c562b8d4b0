import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { finishedGrid, openTestApi, sent, type TestApi, taskId } from '../testing/open-test-api.ts';
import { type PictureServer, startPictureServer } from '../testing/picture-server.ts';
import { createKeptPictures } from './kept-pictures.ts';
import { createPictureAtLink, type PictureAtLink } from './picture-at-link.ts';
import { newPictureFile, originalPath } from './picture-file.ts';

let api: TestApi;
let folder: string;
let elsewhere: PictureServer;
let grid: Buffer;
let file: string;
let read: PictureAtLink;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'images-'));
  api = await openTestApi({ IMAGE_STORE: 'fs', DATA_DIR: folder, UPLOAD_LIMIT_BYTES: '20000' });
  elsewhere = await startPictureServer((request, response) => {
    if (request.url === '/there.png') response.end('a picture');
    else if (request.url === '/large.png') response.end('a'.repeat(20_001));
    else response.writeHead(404).end();
  });
  grid = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#123456' } })
    .png()
    .toBuffer();
  const client = await api.client('someone');
  const { trigger_id } = (await client.post('/imagine', { prompt: 'a cat' })).json;
  const picture = newPictureFile(taskId(trigger_id), 'png');
  await api.deps.pictures?.store.put(originalPath(picture), grid, '');
  const finished = finishedGrid();
  if (finished.type !== 'succeeded') throw new Error('it did not succeed');
  await api.happen(trigger_id, ...sent(), {
    ...finished,
    copy: { imageFile: picture.name, durationMs: null },
  });
  file = picture.name;
  read = reader({ ALLOW_PRIVATE_DOWNLOADS: true });
});
afterAll(async () => {
  await elsewhere.close();
  await api.close();
  await rm(folder, { recursive: true });
});

function reader(settings: { ALLOW_PRIVATE_DOWNLOADS: boolean }): PictureAtLink {
  const { pictures, config } = api.deps;
  return createPictureAtLink({
    config: { ...config, ...settings },
    keptPictures: pictures && createKeptPictures({ ...api.deps, pictures }),
  });
}

test('a picture that is kept here is read from the store, by whichever address', async () => {
  for (const host of ['http://localhost:8086', 'https://mj.example/'])
    expect((await read('images.0', new URL(`/v1/images/${file}`, host).href)).equals(grid)).toBe(true);
});

test('a part of it is that part', async () => {
  const bytes = await read('images.0', `https://mj.example/v1/images/${file}?part=2`);
  expect(await sharp(bytes).metadata()).toMatchObject({ width: 32, height: 32 });
});

test('another picture is fetched', async () => {
  expect((await read('images.0', elsewhere.link('there.png'))).toString()).toBe('a picture');
});

test.each([
  ['is not there', 'lost.png', 'The link answered 404.'],
  ['is too large', 'large.png', 'The file is larger than 20000 bytes.'],
])('a picture that %s is refused', async (_what, name, why) => {
  await expect(read('images.1', elsewhere.link(name))).rejects.toMatchObject({
    code: 'invalid_request',
    errors: [{ path: 'images.1', message: `leads to no picture that can be fetched: ${why}` }],
  });
});

test.each(['http://127.0.0.1/a.png', 'https://10.0.0.1/a.png', 'http://a.example/a.png'])(
  'no private address is called: %s',
  async (link) => {
    await expect(reader({ ALLOW_PRIVATE_DOWNLOADS: false })('images.0', link)).rejects.toThrow(
      'does not lead to a public address',
    );
  },
);
