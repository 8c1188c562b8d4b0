import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  finishedGrid,
  openTestApi,
  readAnswer,
  sent,
  type TestApi,
  type TestClient,
} from '../../testing/open-test-api.ts';
import { type PictureServer, startPictureServer } from '../../testing/picture-server.ts';

let api: TestApi;
let client: TestClient;
let discord: PictureServer;
let folder: string;
const pictures = new Map<string, Buffer>();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'previews-'));
  api = await openTestApi({
    IMAGE_STORE: 'fs',
    DATA_DIR: folder,
    PUBLIC_URL: 'https://mj.example',
    ALLOW_PRIVATE_DOWNLOADS: '1',
  });
  client = await api.client('someone');
  const blank = sharp({ create: { width: 64, height: 64, channels: 3, background: '#336699' } });
  pictures.set('/grid_0.webp', await blank.clone().webp().toBuffer());
  pictures.set('/step_7.jpeg', await blank.clone().jpeg().toBuffer());
  pictures.set(
    '/large.webp',
    Buffer.concat([pictures.get('/grid_0.webp') ?? Buffer.alloc(0), Buffer.alloc(5_000_000)]),
  );
  pictures.set('/page.html', Buffer.from('<html>'));
  discord = await startPictureServer((request, response) => {
    const bytes = pictures.get(request.url?.split('?')[0] ?? '');
    response.writeHead(bytes ? 200 : 404).end(bytes);
  });
});
afterAll(async () => {
  await discord.close();
  await api.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  discord.requests = 0;
});

async function drawing(): Promise<string> {
  const { trigger_id } = (await client.post('/imagine', { prompt: 'a cat' })).json;
  await api.happen(trigger_id, ...sent());
  return trigger_id;
}

let links = 0;
const progress = (id: string, at: number, file?: string) =>
  api.happen(id, {
    type: 'progressed',
    progressMessageId: '1',
    progress: at,
    ...(file && { previewUrl: discord.link(`${file}?hm=${++links}`) }),
  });

const shown = async (id: string) => (await client.get(`/task/${id}`)).json.preview_url as string | undefined;
const open = async (address = '') => readAnswer(await api.app.request(new URL(address).pathname));

test.each([
  ['grid_0.webp', 'image/webp'],
  ['step_7.jpeg', 'image/jpeg'],
])('shows %s while it is drawn, fetched once for all who look, and stores nothing', async (file, type) => {
  const id = await drawing();
  expect(await shown(id)).toBeUndefined();
  await progress(id, 31, file);
  const address = await shown(id);
  expect(address).toMatch(new RegExp(`^https://mj.example/v1/images/previews/${id}-[0-9a-f]{32}$`));
  const answers = await Promise.all([open(address), open(address), open(address)]);
  for (const { status, headers } of answers)
    expect([status, headers.get('Content-Type')]).toEqual([200, type]);
  expect(discord.requests).toBe(1);
  expect(await readdir(folder).catch(() => [])).toEqual([]);
});

test('another link with each progress; one without a picture leaves the last', async () => {
  const id = await drawing();
  await progress(id, 31, 'grid_0.webp');
  const first = await shown(id);
  await progress(id, 46);
  expect(await shown(id)).toBe(first);
  await progress(id, 62, 'grid_0.webp');
  const second = await shown(id);
  expect(second).not.toBe(first);
  expect((await open(first)).status).toBe(404);
  expect((await open(second)).status).toBe(200);
});

test.each([
  ['succeeds', finishedGrid()],
  ['fails', { type: 'failed' as const, code: 'stopped' as const, reason: 'Moderated.' }],
])('is gone when the task %s, although it was looked at a moment ago', async (_how, end) => {
  const id = await drawing();
  await progress(id, 93, 'grid_0.webp');
  const address = await shown(id);
  expect((await open(address)).status).toBe(200);
  await api.happen(id, end);
  expect(await shown(id)).toBeUndefined();
  expect((await open(address)).status).toBe(404);
});

test('a name that is not quite right, what is too large or no picture is not there', async () => {
  const id = await drawing();
  await progress(id, 10, 'grid_0.webp');
  const address = (await shown(id)) ?? '';
  const wrong = address.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  expect((await open(wrong)).status).toBe(404);
  expect(discord.requests).toBe(0);
  for (const [at, file] of ['large.webp', 'page.html', 'missing.webp'].entries()) {
    await progress(id, 20 + at, file);
    expect([file, (await open(await shown(id))).status]).toEqual([file, 404]);
  }
});
