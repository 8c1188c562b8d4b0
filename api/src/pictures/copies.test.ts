import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { notices } from '@midjourney-api/shared/database/schema';
import { signatureHeaders } from '@midjourney-api/shared/results/signature';
import { findTask } from '@midjourney-api/shared/tasks/find-tasks';
import { eq } from 'drizzle-orm';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../../test/eventually.ts';
import { apiPrefix } from '../http/app-env.ts';
import { requeueLostPictures } from '../reconciler/requeue-lost-pictures.ts';
import {
  finishedGrid,
  gridHash,
  openTestApi,
  readAnswer,
  sent,
  type TestApi,
  type TestClient,
  taskId,
  webhookSecret,
} from '../testing/open-test-api.ts';
import { type PictureServer, startPictureServer } from '../testing/picture-server.ts';
import { createAccountDownload } from './account-download.ts';
import { createCopyBefore } from './copy-before.ts';
import { createPictureCopier } from './copy-picture.ts';
import type { PictureStore } from './picture-store.ts';
import { delayBeforeCopy, startPictureCopies } from './start-copies.ts';

let discord: PictureServer;
let folder: string;
let png: Buffer;
const apis: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'copies-'));
  png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } })
    .png()
    .toBuffer();
  discord = await startPictureServer(() => {});
});
beforeEach(() => {
  discord.requests = 0;
  discord.answer = (_request, response) => response.end(png);
});
afterEach(async () => {
  for (const api of apis.splice(0)) await api.close();
});
afterAll(async () => {
  await discord.close();
  await rm(folder, { recursive: true, force: true });
});

interface Copying {
  api: TestApi;
  client: TestClient;
  /** A task that Midjourney draws. */
  drawing(body?: object): Promise<string>;
  /** Reports to the api that it is done. */
  end(id: string): Promise<void>;
  shown(id: string): Promise<{ image_url?: unknown; status?: unknown; late_result?: unknown }>;
  copyOf(id: string): Promise<string | null | undefined>;
  /** The address of the api in the links of pictures. */
  link: string;
}

async function open(
  settings: Record<string, string> = {},
  delay: (failed: number) => number = () => 10,
): Promise<Copying> {
  const api = await openTestApi({
    IMAGE_STORE: 'fs',
    DATA_DIR: folder,
    // The picture server is on this machine.
    ALLOW_PRIVATE_DOWNLOADS: '1',
    ...settings,
  });
  const { pictures } = api.deps;
  if (!pictures) throw new Error('no store');
  const copies = startPictureCopies({ ...api.deps, pictures }, { delay });
  apis.push(copies, api);
  const client = await api.client('someone');
  return {
    api,
    client,
    link: 'http://localhost/v1/images',
    drawing: async (body = {}) => {
      const { trigger_id } = (await client.post('/imagine', { prompt: 'a cat', ...body })).json;
      await api.happen(trigger_id, ...sent());
      return trigger_id;
    },
    end: async (id) => {
      const body = JSON.stringify({
        type: 'end',
        id,
        attachments: [{ id: '1', url: discord.link(`${id}.png`), filename: `user_a_cat_${gridHash}.png` }],
        trigger_id: id,
      });
      const answer = await readAnswer(
        await api.app.request(`${apiPrefix}/midjourney/result`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', ...signatureHeaders(webhookSecret, body) },
          body,
        }),
      );
      expect(answer.status).toBe(200);
    },
    shown: async (id) => (await client.get(`/task/${id}`)).json,
    copyOf: async (id) => (await findTask(api.deps.db, taskId(id)))?.imageCopy,
  };
}

const until = (what: () => unknown) => eventually(what);
const stored = (id: string) =>
  expect.stringMatching(new RegExp(`^http://localhost/v1/images/${id}-[0-9a-f]{32}\\.png$`));

async function picture(api: TestApi, task: { image_url?: unknown }): Promise<Buffer> {
  const response = await api.app.request(String(task.image_url));
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

describe('copied before', () => {
  test('a task succeeds with the link that stays', async () => {
    const { api, drawing, end, shown } = await open();
    const id = await drawing();
    await end(id);
    const task = await shown(id);
    expect(task).toMatchObject({ status: 'succeeded', image_url: stored(id) });
    expect((await picture(api, task)).equals(png)).toBe(true);
    expect(await api.deps.queues.pictures.getJobCounts()).toMatchObject({ waiting: 0, completed: 0 });
  });

  test('the hook is notified once, with the link that stays', async () => {
    const { api, drawing, end } = await open({ PUBLIC_URL: 'https://mj.example', ALLOW_PRIVATE_HOOKS: '1' });
    const id = await drawing({ notify_hook: 'http://127.0.0.1:1/hook' });
    await end(id);
    const written = await api.deps.db
      .select()
      .from(notices)
      .where(eq(notices.taskId, taskId(id)));
    const links = written.map(({ body }) => JSON.parse(body).data.image_url).filter(Boolean);
    expect(links).toEqual([expect.stringMatching(`^https://mj.example/v1/images/${id}-`)]);
  });

  test('a result that comes again is not fetched again', async () => {
    const { drawing, end, shown } = await open();
    const id = await drawing();
    await end(id);
    const before = await shown(id);
    await end(id);
    expect(await shown(id)).toEqual(before);
    expect(discord.requests).toBe(1);
  });

  test('two copies of the same result at once leave one', async () => {
    const { drawing, end, shown } = await open({ DATA_DIR: path.join(folder, 'twice') });
    const id = await drawing();
    await Promise.all([end(id), end(id)]);
    expect(await shown(id)).toMatchObject({ status: 'succeeded', image_url: stored(id) });
    const [day = ''] = await readdir(path.join(folder, 'twice', 'images'));
    await until(async () => expect(await readdir(path.join(folder, 'twice', 'images', day))).toHaveLength(1));
  });

  test.each<[string, PictureServer['answer']]>([
    ['is slow', () => {}],
    ['fails', (_request, response) => response.writeHead(500).end()],
    ['breaks off', (_request, response) => response.destroy()],
  ])('a task is not held up, nor does it fail, when Discord %s', async (_how, answer) => {
    const { api, drawing, end, shown, copyOf } = await open();
    const id = await drawing();
    const unanswered: ServerResponse[] = [];
    discord.answer = (request, response) => {
      unanswered.push(response);
      answer(request, response);
    };
    const start = performance.now();
    await end(id);
    expect(performance.now() - start).toBeLessThan(8_000);
    expect(await shown(id)).toMatchObject({ status: 'succeeded', image_url: discord.link(`${id}.png`) });
    expect(await copyOf(id)).toBe('waiting');
    discord.answer = (_request, response) => response.end(png);
    for (const response of unanswered) response.destroy();
    await until(async () => expect(await shown(id)).toMatchObject({ image_url: stored(id) }));
    expect((await picture(api, await shown(id))).equals(png)).toBe(true);
  });

  test('a store that hangs holds nothing up, and what it has in the end is not kept twice', async () => {
    const { api, drawing } = await open();
    const id = await drawing();
    const { pictures } = api.deps;
    if (!pictures) throw new Error('no store');
    let wake = () => {};
    const removed: string[] = [];
    const store: PictureStore = {
      ...pictures.store,
      put: () =>
        new Promise<void>((resolve) => {
          wake = resolve;
        }),
      removeFolder: async (name) => void removed.push(name),
    };
    const hanging = { store, copy: createPictureCopier(createAccountDownload(api.deps), store) };
    const copyBefore = createCopyBefore({ ...api.deps, pictures: hanging }, 300);
    const result = {
      messageId: '1',
      messageFlags: 0,
      messageHash: null,
      imageUrl: discord.link('a.png'),
      mediaType: null,
      width: null,
      height: null,
      buttons: [],
      texts: null,
    };
    const event = { type: 'succeeded' as const, result };
    const task = await findTask(api.deps.db, taskId(id));
    if (!task) throw new Error('no task');
    expect(await copyBefore(task, event)).toEqual(event);
    expect(removed).toEqual([]);
    wake();
    await until(() => expect(removed).toEqual([expect.stringContaining(id)]));
  });
});

describe('copied after', () => {
  test('a task succeeds at once, and its link changes when the picture is stored', async () => {
    const { api, drawing, end, shown, client } = await open({
      IMAGE_COPY: 'after',
      ALLOW_PRIVATE_HOOKS: '1',
    });
    const id = await drawing({ notify_hook: 'http://127.0.0.1:1/hook' });
    let send = () => {};
    discord.answer = (_request, response) => {
      send = () => response.end(png);
    };
    await end(id);
    const before = await client.get(`/task/${id}`);
    expect(before.json).toMatchObject({ status: 'succeeded', image_url: discord.link(`${id}.png`) });
    await until(() => expect(discord.requests).toBe(1));
    send();
    await until(async () => expect(await shown(id)).toMatchObject({ image_url: stored(id) }));
    const after = await client.get(`/task/${id}`, {
      headers: { 'If-None-Match': before.headers.get('ETag') ?? '' },
    });
    expect(after.status).toBe(200);
    const written = await api.deps.db
      .select()
      .from(notices)
      .where(eq(notices.taskId, taskId(id)));
    expect(written.map(({ body }) => JSON.parse(body)).filter(({ data }) => data.image_url)).toMatchObject([
      { type: 'task.succeeded', data: { image_url: discord.link(`${id}.png`) } },
      { type: 'task.succeeded', data: { image_url: expect.stringContaining(`/v1/images/${id}-`) } },
    ]);
  });

  test('a copy that fails is tried again until it is there', async () => {
    const { drawing, end, shown } = await open({ IMAGE_COPY: 'after' });
    const id = await drawing();
    discord.answer = (_request, response) => {
      if (discord.requests > 4) response.end(png);
      else response.writeHead(503).end();
    };
    await end(id);
    await until(async () => expect(await shown(id)).toMatchObject({ image_url: stored(id) }));
    expect(discord.requests).toBe(5);
  });

  test('the delays grow from seconds to an hour', () => {
    expect([1, 2, 3, 11, 60].map(delayBeforeCopy)).toEqual([5_000, 10_000, 20_000, 3_600_000, 3_600_000]);
  });

  test.each([
    ['no picture', Buffer.from('<html>not a picture</html>')],
    ['an svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ])('%s is not kept, and not tried again', async (_what, bytes) => {
    const { drawing, end, shown, copyOf } = await open({ IMAGE_COPY: 'after' });
    const id = await drawing();
    discord.answer = (_request, response) => response.setHeader('Content-Type', 'image/png').end(bytes);
    await end(id);
    await until(async () => expect(await copyOf(id)).toBe('lost'));
    expect(discord.requests).toBe(1);
    expect(await shown(id)).toMatchObject({ status: 'succeeded', image_url: discord.link(`${id}.png`) });
  });

  test('nothing is fetched from a private address unless that is allowed, even when Discord itself has one', async () => {
    const { drawing, end, copyOf } = await open({
      IMAGE_COPY: 'after',
      ALLOW_PRIVATE_DOWNLOADS: '0',
      DISCORD_API_URL: discord.link('api'),
    });
    const id = await drawing();
    await end(id);
    await until(async () => expect(await copyOf(id)).toBe('lost'));
    expect(discord.requests).toBe(0);
  });

  test('the picture that came after its task was given up is kept too', async () => {
    const { api, client, drawing, end, shown, copyOf } = await open({ IMAGE_COPY: 'after' });
    const id = await drawing();
    await api.happen(id, { type: 'failed', code: 'timeout', reason: 'too slow' });
    await end(id);
    await until(async () => expect(await copyOf(id)).toBe('stored'));
    const { late_result, image_url } = await shown(id);
    expect([late_result, image_url]).toEqual([{ available: true }, undefined]);
    await client.post(`/task/${id}/claim`, {});
    expect(await shown(id)).toMatchObject({ status: 'succeeded', image_url: stored(id) });
  });

  test('a picture whose job was lost with Redis gets another one', async () => {
    const { api, drawing, end, shown } = await open({ IMAGE_COPY: 'after' }, () => 3_600_000);
    const id = await drawing();
    discord.answer = (_request, response) => response.writeHead(503).end();
    await end(id);
    const { queues, redis, config } = api.deps;
    await until(async () => expect(await queues.pictures.getDelayedCount()).toBe(1));
    const later = new Date(Date.now() + 10_000);
    expect(await requeueLostPictures(api.deps, later)).toBe(0);
    const keys = await redis.keys(`${config.REDIS_PREFIX}:images:*`);
    await redis.del(keys);
    discord.answer = (_request, response) => response.end(png);
    expect(await requeueLostPictures(api.deps, later)).toBe(1);
    await until(async () => expect(await shown(id)).toMatchObject({ image_url: stored(id) }));
    expect(await requeueLostPictures(api.deps, later)).toBe(0);
  });
});

test('sixteen pictures are in memory at most, whatever they are copied for', async () => {
  const { api, drawing, end } = await open();
  const store = api.deps.pictures?.store;
  if (!store) throw new Error('no store');
  const { put } = store;
  let inStore = 0;
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  store.put = async (...file) => {
    inStore += 1;
    await released;
    await put(...file);
  };
  const earlier = await Promise.all(Array.from({ length: 4 }, () => drawing()));
  for (const [index, id] of earlier.entries()) {
    const grid = finishedGrid(String(1_279_000_000_000_001_000n + BigInt(index)));
    if (grid.type !== 'succeeded') throw new Error('it did not succeed');
    const result = { ...grid.result, imageUrl: discord.link(`${id}.png`) };
    await api.happen(id, { ...grid, result });
    await api.deps.queues.addPicture(taskId(id));
  }
  await until(() => expect(inStore).toBe(4));
  const ids = await Promise.all(Array.from({ length: 20 }, () => drawing()));
  // Answered when their time is up, as the store takes nothing.
  await Promise.all(ids.map(end));
  expect(inStore).toBe(16);
  release();
});

describe('a stored picture that the store has lost', () => {
  const ask = (api: TestApi, link: unknown) => api.app.request(String(link));

  test('is fetched from Discord again when it is requested, once for all callers', async () => {
    const { api, drawing, end, shown } = await open();
    const id = await drawing();
    await end(id);
    const { image_url } = await shown(id);
    await rm(path.join(folder, 'images'), { recursive: true });
    discord.requests = 0;
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(api, image_url)));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
    for (const answer of answers) expect(Buffer.from(await answer.arrayBuffer()).equals(png)).toBe(true);
    expect((await ask(api, `${image_url}?w=64`)).status).toBe(200);
    expect(discord.requests).toBe(1);
    expect((await shown(id)).image_url).toBe(image_url);
  });

  test('is not found when Discord no longer has it, and is not requested each time', async () => {
    const { api, drawing, end, shown } = await open();
    const id = await drawing();
    await end(id);
    const { image_url } = await shown(id);
    await rm(path.join(folder, 'images'), { recursive: true });
    discord.requests = 0;
    discord.answer = (_request, response) => response.writeHead(404).end();
    for (let i = 0; i < 3; i++) expect((await ask(api, image_url)).status).toBe(404);
    expect(discord.requests).toBe(1);
  });
});

describe('a link', () => {
  test('leads to where the client reached the api', async () => {
    const { api, client, drawing, end } = await open({ TRUST_PROXY: '1' });
    const id = await drawing();
    await end(id);
    const linkFor = async (headers: Record<string, string>) => {
      const response = await api.app.request(`https://one.example:8443${apiPrefix}/task/${id}`, {
        headers: { Authorization: `Bearer ${client.appKey}`, ...headers },
      });
      return new URL(String((await readAnswer(response)).json.image_url)).origin;
    };
    expect(await linkFor({})).toBe('https://one.example:8443');
    const forwarded = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'evil.example, two.example' };
    expect(await linkFor(forwarded)).toBe('https://two.example');
    expect(await linkFor({ 'X-Forwarded-Proto': 'javascript' })).toBe('https://one.example:8443');
    const list = await client.get('/tasks');
    expect(list.json.data[0]?.image_url).toEqual(stored(id));
    const events = await api.app.request(`${apiPrefix}/task/${id}/events`, {
      headers: { Authorization: `Bearer ${client.appKey}` },
    });
    expect(await events.text()).toContain(`"image_url":"http://localhost/v1/images/${id}-`);
  });
});
