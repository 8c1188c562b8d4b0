import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tasks } from '@midjourney-api/shared/database/schema';
import type { UploadJob, UploadJobResult } from '@midjourney-api/shared/queues/catalogue';
import { queueNames } from '@midjourney-api/shared/queues/keys';
import { findTask } from '@midjourney-api/shared/tasks/find-tasks';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { setUserDialect } from '@midjourney-api/shared/users/change-user';
import { Worker } from 'bullmq';
import { eq } from 'drizzle-orm';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../app.ts';
import type { Dependencies } from '../../dependencies.ts';
import { newPictureFile, originalPath } from '../../pictures/picture-file.ts';
import {
  finishedGrid,
  gridHash,
  openTestApi,
  readAnswer,
  sent,
  type TestApi,
  type TestClient,
  taskId,
} from '../../testing/open-test-api.ts';
import { apiPrefix } from '../app-env.ts';

let api: TestApi;
let client: TestClient;
let folder: string;
let worker: Worker<UploadJob, UploadJobResult>;
let png: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'original-'));
  api = await openTestApi({ IMAGE_STORE: 'fs', DATA_DIR: folder, PUBLIC_URL: 'https://mj.example' });
  client = await original('someone');
  const { redis, config } = api.deps;
  worker = new Worker(
    queueNames.uploads,
    async ({ data }) => {
      if (data.kind === 'post') return { imageUrl: `https://cdn.example/${data.filename}` };
      if (data.kind !== 'upload') throw new Error('only uploads are expected');
      const uploadFilename = `0b9cf0a6/${data.filename}`;
      return { account: 'default', uploadFilename, uploadUrl: `https://slots.example/${uploadFilename}` };
    },
    {
      connection: redis.duplicate({ maxRetriesPerRequest: null, enableOfflineQueue: true }),
      prefix: config.REDIS_PREFIX,
    },
  );
  png = await sharp({ create: { width: 400, height: 200, channels: 3, background: 'teal' } })
    .png()
    .toBuffer();
});
afterAll(async () => {
  await worker.close();
  await api.close();
  await rm(folder, { recursive: true });
});

async function original(userName: string, tokens = 100): Promise<TestClient> {
  const made = await api.client(userName, tokens);
  await setUserDialect(api.deps.db, userName, 'original');
  return made;
}

/** Asks an api that differs in this. */
async function askOther(different: Partial<Dependencies>, as: TestClient, address: string, body?: unknown) {
  const app = createApp({ ...api.deps, ...different });
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const headers = { Authorization: `Bearer ${as.appKey}` };
  return readAnswer(await app.request(apiPrefix + address, { ...init, headers }));
}

async function imagine(as = client): Promise<string> {
  return String((await as.post('/imagine', { prompt: 'a cat' })).json.result);
}

/** A grid whose picture is stored. */
async function drawnGrid(as = client, messageId?: string, hash?: string): Promise<string> {
  const id = await imagine(as);
  const file = newPictureFile(taskId(id), 'png');
  await api.deps.pictures?.store.put(originalPath(file), png, '');
  const finished = finishedGrid(messageId, hash);
  if (finished.type !== 'succeeded') throw new Error('it did not succeed');
  await api.happen(id, ...sent(), { ...finished, copy: { imageFile: file.name, durationMs: null } });
  return id;
}

/** A single picture, with the buttons of one. */
async function drawnPick(): Promise<string> {
  const id = await imagine();
  const finished = finishedGrid();
  if (finished.type !== 'succeeded') throw new Error('it did not succeed');
  const customIds = [
    'MJ::JOB::variation::1::#::SOLO',
    'MJ::JOB::low_variation::1::#::SOLO',
    'MJ::JOB::high_variation::1::#::SOLO',
    'MJ::Outpaint::50::1::#::SOLO',
    'MJ::JOB::pan_left::1::#::SOLO',
  ];
  const buttons = customIds.map((id) => ({ label: id, custom_id: id.replace('#', gridHash) }));
  await api.happen(id, ...sent(), { ...finished, result: { ...finished.result, buttons } });
  return id;
}

const stored = (id: string): Promise<Task | undefined> => findTask(api.deps.db, taskId(id));
const tokenUse = async (as: TestClient) => (await as.get('/me')).json.token_use;

describe('a submit', () => {
  const submits: [string, string, () => Promise<object> | object][] = [
    ['/imagine', 'generate', () => ({ prompt: 'a cat', picurl: null })],
    ['/upscale', 'upscale', async () => ({ trigger_id: await drawnGrid(), index: 2 })],
    ['/variation', 'variation', async () => ({ trigger_id: await drawnGrid(), index: '3' })],
    ['/reset', 'reset', async () => ({ trigger_id: await drawnGrid() })],
    ['/solo_variation', 'solo_variation', async () => ({ trigger_id: await drawnPick(), index: 1 })],
    ['/solo_low_variation', 'solo_low_variation', async () => ({ trigger_id: await drawnPick() })],
    ['/solo_high_variation', 'solo_high_variation', async () => ({ trigger_id: await drawnPick() })],
    ['/expand', 'expand', async () => ({ trigger_id: await drawnPick(), direction: 'left' })],
    ['/zoomout', 'zoomout', async () => ({ trigger_id: await drawnPick(), zoomout: '50' })],
    [
      '/describe',
      'describe',
      async () => ({ trigger_id: '1', upload_filename: (await upload(png)).json.upload_filename }),
    ],
  ];

  test.each(submits)(
    'to %s answers code, message, trigger_id, trigger_type and result',
    async (route, type, body) => {
      const { status, json } = await client.post(route, await body());
      expect([status, json]).toEqual([
        200,
        {
          code: 0,
          message: 'success',
          trigger_id: expect.stringMatching(/^\d{16}$/),
          trigger_type: type,
          result: json.trigger_id,
        },
      ]);
      expect((await client.get(`/task/${json.result}`)).json.status).toBe('SUBMITTED');
      expect((await client.get(`/result/${json.result}`)).json).toEqual({
        code: 0,
        data: { task_status: 'RUNNING' },
      });
    },
  );

  test('costs one token, which a failure returns', async () => {
    const own = await original('pays', 5);
    const id = await imagine(own);
    expect(await tokenUse(own)).toBe(1);
    await api.happen(id, ...sent(), { type: 'failed', code: 'timeout', reason: 'It took too long.' });
    expect(await tokenUse(own)).toBe(0);
  });

  test('takes picurl "", and fields that the original did not know', async () => {
    const { status, json } = await client.post('/imagine', {
      prompt: 'a cat',
      picurl: '',
      webhook: 'none',
      seed: 1,
    });
    expect([status, json.code]).toEqual([200, 0]);
  });

  test('repeated with its Idempotency-Key is the first one', async () => {
    const key = { 'Idempotency-Key': 'order-1' };
    const parent = await drawnGrid();
    const body = `{"trigger_id":"${parent}","index":1,"msg_id":${(await stored(parent))?.messageId}}`;
    const first = await client.post('/upscale', body, key);
    const again = await client.post('/upscale', body, key);
    expect(first.json.code).toBe(0);
    expect(again.json).toEqual(first.json);
    expect(again.headers.get('Idempotency-Replayed')).toBe('true');
  });
});

describe('a refusal', () => {
  test.each([
    ['no prompt', '/imagine', {}],
    ['a text for the index', '/upscale', { trigger_id: '1767323045678400', index: 'two' }],
    ['no JSON', '/imagine', 'a cat'],
    ['an unknown direction', '/expand', { trigger_id: '1767323045678400', direction: 'north' }],
    ['a parent that is not there', '/upscale', { trigger_id: '1767323045678400', index: 2 }],
    ['an upload that is not there', '/message', { upload_filename: 'a/b.png' }],
    ['no file', '/upload', {}],
    ['a page that is no number', '/tasks?limit=ten', undefined],
  ])('of a body with %s is 400, code 13', async (_what, route, body) => {
    const answer = body === undefined ? await client.get(route) : await client.post(route, body);
    expect([answer.status, answer.json]).toEqual([400, { code: 13, message: expect.stringMatching(/\.$/) }]);
  });

  test('of a banned prompt is 200, code 14, without a result, and free', async () => {
    const own = await original('banned', 5);
    const { status, json } = await own.post('/imagine', { prompt: 'a gory scene' });
    expect([status, json]).toEqual([200, { code: 14, message: expect.stringContaining('"gory"') }]);
    expect(await tokenUse(own)).toBe(0);
  });

  test('of a full queue is 200, code 15, without a result', async () => {
    const own = await original('full');
    await imagine(own);
    const config = { ...api.deps.config, WAITING_LIMIT_PER_USER: 1 };
    const { status, json, headers } = await askOther({ config }, own, '/imagine', { prompt: 'a cat' });
    expect([status, json]).toEqual([200, { code: 15, message: expect.any(String) }]);
    expect(headers.get('Retry-After')).toBe('10');
  });

  test('without tokens is 429 with detail', async () => {
    const poor = await original('poor', 0);
    const { status, json } = await poor.post('/imagine', { prompt: 'a cat' });
    expect([status, json]).toEqual([429, { detail: expect.stringContaining('tokens of poor') }]);
  });

  test('because of a bug is 500 with detail, shows nothing of it, and is logged', async () => {
    const newTaskId = () => {
      throw new Error('a secret of the code');
    };
    const { status, json, text } = await askOther({ newTaskId }, client, '/imagine', { prompt: 'a cat' });
    expect([status, json]).toEqual([500, { detail: expect.any(String) }]);
    expect(text).not.toContain('secret');
    expect(api.logged).toContainEqual(expect.objectContaining({ level: 50, path: `${apiPrefix}/imagine` }));
  });

  test.each(['', 'mj_wrong'])(
    'of the key "%s" is 403 with detail, for /task, /result and /queue/release too',
    async (key) => {
      const headers = { Authorization: `Bearer ${key}` };
      for (const [method, route] of [
        ['POST', '/imagine'],
        ['GET', '/task/1767323045678400'],
        ['GET', '/result/1767323045678400'],
        ['POST', '/queue/release'],
      ]) {
        const answer = await readAnswer(await api.app.request(`${apiPrefix}${route}`, { method, headers }));
        expect([answer.status, answer.json.detail]).toEqual([403, expect.any(String)]);
      }
    },
  );
});

describe('a task', () => {
  test('that waits or is drawn is SUBMITTED, with a message', async () => {
    const id = await imagine();
    const waiting = await client.get(`/task/${id}`);
    await api.happen(id, ...sent(), { type: 'progressed', progressMessageId: '1', progress: 46 });
    const drawn = await client.get(`/task/${id}`);
    expect([waiting.status, waiting.json]).toEqual([
      200,
      { status: 'SUBMITTED', message: 'The task is queued, at 0 %.' },
    ]);
    expect(drawn.json.message).toBe('The task is running, at 46 %.');
    expect(drawn.headers.get('Cache-Control')).toBe('private, no-store');
  });

  test('that is a grid has the four pictures apart, which anybody downloads at once', async () => {
    const id = await drawnGrid();
    const { status, json } = await client.get(`/task/${id}`);
    expect(status).toBe(200);
    expect(json).toEqual({
      status: 'SUCCESS',
      imageUrl: expect.any(String),
      buttons: { msg_id: (await stored(id))?.messageId, msg_hash: gridHash },
    });
    const links = String(json.imageUrl).split('||');
    expect(links).toHaveLength(4);
    const pictures = await Promise.all(
      links.map(async (link) => {
        const { pathname, search } = new URL(link);
        return sharp(Buffer.from(await (await api.app.request(pathname + search)).arrayBuffer())).metadata();
      }),
    );
    expect(pictures.map(({ width, height }) => [width, height])).toEqual(Array(4).fill([200, 100]));
    expect((await client.get(`/result/${id}`)).json).toEqual({
      code: 0,
      data: { task_status: 'FINISH', file_url: json.imageUrl },
    });
  });

  test('that is a grid is SUBMITTED until its copy is stored, or for half a minute', async () => {
    const id = await imagine();
    await api.happen(id, ...sent(), finishedGrid());
    expect((await client.get(`/task/${id}`)).json.status).toBe('SUBMITTED');
    const clock = () => new Date(Date.now() + 30_000);
    expect((await askOther({ clock }, client, `/task/${id}`)).json).toMatchObject({
      status: 'SUCCESS',
      imageUrl: `https://cdn.example/grid_${gridHash}.png`,
    });
    const copy = { imageFile: newPictureFile(taskId(id), 'png').name, durationMs: null };
    await api.happen(id, { type: 'picture_stored', copy });
    expect((await client.get(`/task/${id}`)).json.status).toBe('SUCCESS');
  });

  test.each(['timeout', 'banned', 'rejected'] as const)(
    'that failed with %s is FAILURE, with why',
    async (code) => {
      const id = await imagine();
      await api.happen(id, ...sent(), { type: 'failed', code, reason: 'Because.' });
      const { status, json } = await client.get(`/task/${id}`);
      expect([status, json]).toEqual([
        200,
        { status: 'FAILURE', message: 'Because.', failReason: 'Because.' },
      ]);
    },
  );

  test('that is not there, or not one’s own, is FAILURE too, and ERROR with code 10', async () => {
    const theirs = await imagine(await original('other'));
    for (const id of ['1767323045678400', 'not-an-id', theirs]) {
      const { status, json } = await client.get(`/task/${id}`);
      expect([status, json.status, json.failReason]).toEqual([200, 'FAILURE', `You have no task ${id}.`]);
      const result = await client.get(`/result/${id}`);
      expect([result.status, result.json]).toEqual([200, { code: 10, data: { task_status: 'ERROR' } }]);
    }
  });

  test('has its list in the columns of the older table, one’s own only, newest first', async () => {
    const own = await original('lists');
    const grid = await drawnGrid(own);
    const failed = await imagine(own);
    await api.happen(failed, ...sent(), { type: 'failed', code: 'banned', reason: 'Because.' });
    const waiting = await imagine(own);
    const ids = async (query: string) => {
      const { json } = await own.get(`/tasks${query}`);
      const rows = json.data as unknown as { task_id: string }[];
      expect([json.success, json.total]).toEqual([true, rows.length]);
      return rows.map(({ task_id }) => task_id);
    };
    expect(await ids('')).toEqual([waiting, failed, grid]);
    expect(await ids('?status=')).toEqual([waiting, failed, grid]);
    expect(await ids('?limit=1&offset=1')).toEqual([failed]);
    expect(await ids('?limit=100&offset=3')).toEqual([]);
    expect(await ids('?status=RUNNING')).toEqual([waiting]);
    expect(await ids('?status=FINISH&limit=100&offset=0')).toEqual([grid]);
    expect(await ids('?status=BANNED')).toEqual([failed]);
    expect(await ids('?status=TIMEOUT')).toEqual([]);
    expect(await ids('?status=latin')).toEqual([]);
    const [row] = (await own.get('/tasks?status=FINISH')).json.data;
    expect(row).toMatchObject({ task_id: grid, prompts: 'a cat', task_status: 'FINISH', msg_hash: gridHash });
  });
});

describe('a follow-up', () => {
  const exact = '1280000000000000123';
  // As a program writes it that keeps numbers as doubles.
  const rounded = '1280000000000000000';
  const pick = (parent: string, msgId: string, hash: string) =>
    client.post('/upscale', `{"trigger_id":"${parent}","index":1,"msg_id":${msgId},"msg_hash":"${hash}"}`);

  test.each([
    ['as a text', `"${exact}"`],
    ['as a number', exact],
    ['as a rounded number', rounded],
    ['as quite another number', '1111111111111111111'],
  ])('takes the id of its message %s where it knows the task', async (_how, msgId) => {
    const hash = crypto.randomUUID();
    const parent = await drawnGrid(client, String(nextMessage(exact)), hash);
    const { messageId } = (await stored(parent)) ?? {};
    const { json } = await pick(parent, msgId.replace(exact, String(messageId)), hash);
    expect(json.code).toBe(0);
    expect((await stored(String(json.result)))?.action).toMatchObject({ messageId });
  });

  test('refuses another text for it', async () => {
    const parent = await drawnGrid();
    expect((await pick(parent, '"1111111111111111111"', gridHash)).json.code).toBe(13);
  });

  test('finds its task by the picture, also by a rounded number', async () => {
    const hash = crypto.randomUUID();
    const messageId = String(nextMessage(exact));
    const parent = await drawnGrid(client, messageId, hash);
    for (const msgId of [messageId, String(BigInt(Number(messageId)))]) {
      const { json } = await pick('7777777777', msgId, hash);
      expect((await stored(String(json.result)))?.parentId).toBe(parent);
    }
    expect((await pick('7777777777', '1111111111111111111', hash)).json.code).toBe(13);
  });

  test('continues a picture of the older installation, whose message came as a number, to its last digit', async () => {
    const { json } = await pick('7777777777', '1281000000000000123', crypto.randomUUID());
    expect((await stored(String(json.result)))?.action).toMatchObject({ messageId: '1281000000000000123' });
  });

  test('never gets anything done with another user’s picture', async () => {
    const hash = crypto.randomUUID();
    const messageId = String(nextMessage(exact));
    const theirs = await drawnGrid(await original(`theirs-${hash.slice(0, 8)}`), messageId, hash);
    for (const msgId of [messageId, rounded, `"${messageId}"`])
      expect((await pick(theirs, msgId, hash)).json.code).toBe(13);
  });
});

let messages = 0;
function nextMessage(like: string): bigint {
  return BigInt(like) + BigInt(++messages * 1_000);
}

describe('the queue', () => {
  test('says how many tasks wait and how many are drawn', async () => {
    const before = (await client.get('/queue/status')).json;
    await imagine();
    await api.happen(await imagine(), ...sent());
    const { wait_size, concur_size } = before.data as unknown as Record<string, number>;
    expect((await client.get('/queue/status')).json).toEqual({
      code: 0,
      data: { wait_size: Number(wait_size) + 1, concur_size: Number(concur_size) + 1 },
    });
  });

  test('is rid of what has been stuck for five minutes, of one’s own', async () => {
    const own = await original('cleans');
    const other = await original('does-not-clean');
    const [waiting, stuck, theirs] = [await imagine(own), await imagine(own), await imagine(other)];
    for (const id of [stuck, theirs]) await api.happen(id, ...sent());
    const cleanup = (ms: number) =>
      askOther({ clock: () => new Date(Date.now() + ms) }, own, '/queue/cleanup', {});
    expect((await cleanup(240_000)).json).toMatchObject({ code: 0, message: '0 tasks given up.' });
    expect((await cleanup(300_000)).json).toEqual({
      code: 0,
      message: '1 task given up.',
      data: (await client.get('/queue/status')).json.data,
    });
    const cancelled = await Promise.all(
      [waiting, stuck, theirs].map(async (id) => (await stored(id))?.cancelRequestedAt),
    );
    expect(cancelled).toEqual([null, expect.any(Date), null]);
  });

  test('keeps what was sent long ago and makes progress', async () => {
    const own = await original('patient');
    const id = await imagine(own);
    await api.happen(id, ...sent(), { type: 'progressed', progressMessageId: '1', progress: 46 });
    const longAgo = new Date(Date.now() - 600_000);
    await api.deps.db
      .update(tasks)
      .set({ submittedAt: longAgo, startedAt: longAgo })
      .where(eq(tasks.id, taskId(id)));
    expect((await own.post('/queue/cleanup', {})).json.message).toBe('0 tasks given up.');
    await api.deps.db
      .update(tasks)
      .set({ progressedAt: longAgo })
      .where(eq(tasks.id, taskId(id)));
    expect((await own.post('/queue/cleanup', {})).json.message).toBe('1 task given up.');
  });

  test('gives a task up, and its token back', async () => {
    const own = await original('releases', 1);
    const id = await imagine(own);
    const { status, json } = await own.post('/queue/release', { trigger_id: id });
    expect([status, json]).toEqual([
      200,
      { trigger_id: id, trigger_type: 'queue_release', result: 'success' },
    ]);
    expect(await tokenUse(own)).toBe(0);
    expect((await own.get(`/task/${id}`)).json.failReason).toBe('Released by its owner.');
  });

  test('gives up nobody else’s', async () => {
    const id = await imagine(await original('keeps'));
    expect((await client.post('/queue/release', { trigger_id: id })).json.code).toBe(13);
    expect((await stored(id))?.status).toBe('queued');
  });
});

async function upload(bytes: Buffer, as = client) {
  const body = new FormData();
  body.set('file', new File([new Uint8Array(bytes)], 'a.png', { type: 'image/png' }));
  const headers = { Authorization: `Bearer ${as.appKey}` };
  return readAnswer(await api.app.request(`${apiPrefix}/upload`, { method: 'POST', headers, body }));
}

describe('an upload', () => {
  test('is answered as ever, and posted for prompts', async () => {
    const { status, json } = await upload(png);
    const filename = `0b9cf0a6/${json.trigger_id}.png`;
    expect([status, json]).toEqual([
      200,
      {
        message: 'success',
        upload_filename: filename,
        upload_url: `https://slots.example/${filename}`,
        trigger_id: expect.stringMatching(/^\d{16}$/),
      },
    ]);
    const posted = await client.post('/message', { upload_filename: filename });
    expect(posted.json).toEqual({ message: 'success', picurl: `https://cdn.example/${json.trigger_id}.png` });
  });

  test('must be a picture, whatever it calls itself', async () => {
    const { status, json } = await upload(Buffer.from('MZ'));
    expect([status, json]).toEqual([200, { message: 'must image' }]);
  });
});

describe('a key', () => {
  test('changes its dialect within a second, and sees the same tasks', async () => {
    const own = await api.client('changes');
    const id = (await own.post('/imagine', { prompt: 'a cat' })).json.trigger_id;
    await setUserDialect(api.deps.db, 'changes', 'original');
    const status = async () => (await own.get(`/task/${id}`)).json.status;
    await expect.poll(status, { timeout: 5_000 }).toBe('SUBMITTED');
    await setUserDialect(api.deps.db, 'changes', 'v1');
    await expect.poll(status, { timeout: 5_000 }).toBe('queued');
  });

  test('is looked up once, whatever its dialect', async () => {
    const own = await original('once');
    const limit = (await own.get('/queue/status')).headers.get('RateLimit') ?? '';
    const again = (await own.get('/queue/status')).headers.get('RateLimit') ?? '';
    const left = (header: string) => Number(/"key";r=(\d+)/.exec(header)?.[1]);
    expect(left(limit) - left(again)).toBe(1);
  });

  test('has what the original did not have as in v1', async () => {
    expect((await client.post('/cancel', { trigger_id: await imagine() })).json).toMatchObject({
      cancelled: true,
    });
    const refused = await client.post('/shorten', { prompt: 'a cat', promt: 'a dog' });
    expect([refused.status, refused.json.code]).toEqual([400, 'invalid_request']);
    expect((await client.get('/nothing')).status).toBe(404);
  });

  test.each(['/result/1767323045678400', '/queue/status'])('of v1 has no %s', async (route) => {
    const other = await api.client(`v1-${route.split('/')[1]}`);
    expect((await other.get(route)).json.code).toBe('not_found');
  });

  test('of v1 is answered as ever beside it', async () => {
    const other = await api.client('as-ever');
    expect((await other.post('/imagine', { prompt: 'a cat' })).json).toMatchObject({ status: 'queued' });
    expect((await other.post('/imagine', { prompt: '' })).json.code).toBe('invalid_request');
    expect((await other.get('/tasks?limit=1')).json).toMatchObject({ next_cursor: null });
  });
});
