import { tasks, uploads } from '@midjourney-api/shared/database/schema';
import type { UploadJob, UploadJobResult } from '@midjourney-api/shared/queues/catalogue';
import { queueNames } from '@midjourney-api/shared/queues/keys';
import { Worker } from 'bullmq';
import { eq } from 'drizzle-orm';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { type MjClient, mjClient } from '../../../testing/mj-client.ts';
import {
  type Answer,
  openTestApi,
  readAnswer,
  type TestApi,
  taskId,
} from '../../../testing/open-test-api.ts';

/** The routes that take pictures, with a worker that hands them to nobody. */

let api: TestApi;
let client: MjClient;
let appKey: string;
let worker: Worker<UploadJob, UploadJobResult>;
const jobs: UploadJob[] = [];

const link = 'https://example.com/boat.png';

beforeAll(async () => {
  api = await openTestApi({ UPLOAD_LIMIT_BYTES: '200000', MJ_QUEUE_CODE: '1' });
  ({ appKey } = await api.client('someone'));
  client = mjClient(api, appKey);
  const { redis, config } = api.deps;
  worker = new Worker(
    queueNames.uploads,
    async ({ data }) => {
      jobs.push(data);
      if (data.kind === 'post') return { imageUrl: `https://cdn.example/${data.filename}` };
      if (data.kind !== 'upload') throw new Error('only uploads and posts are expected');
      const uploadFilename = `0b9cf0a6/${data.filename}`;
      return { account: 'default', uploadFilename, uploadUrl: `https://slots.example/${uploadFilename}` };
    },
    {
      connection: redis.duplicate({ maxRetriesPerRequest: null, enableOfflineQueue: true }),
      prefix: config.REDIS_PREFIX,
    },
  );
});
afterAll(async () => {
  await worker.close();
  await api.close();
});
beforeEach(() => {
  jobs.length = 0;
});

async function picture(colour = 'teal', side = 8): Promise<string> {
  const bytes = await sharp({ create: { width: side, height: side, channels: 3, background: colour } })
    .png()
    .toBuffer();
  return `data:image/png;base64,${bytes.toString('base64')}`;
}

const submit = (route: string, body: object, prefix = '/mj') =>
  client.post(`${prefix}/submit/${route}`, body);

async function taskOf({ status, json }: Answer) {
  expect([status, json.code]).toEqual([200, 1]);
  const [task] = await api.deps.db
    .select()
    .from(tasks)
    .where(eq(tasks.id, taskId(String(json.result))));
  if (!task) throw new Error('There is no such task.');
  return task;
}

async function expectRefused(answer: Answer, why: RegExp, code = 4): Promise<void> {
  expect([answer.status, answer.json.code, answer.json.result]).toEqual([200, code, null]);
  expect(answer.json.description).toMatch(why);
  expect(answer.json.properties).toEqual({});
  expect(jobs).toEqual([]);
}

describe('blend', () => {
  it('takes two to five pictures, SQUARE by default, on one account', async () => {
    const base64Array = await Promise.all(['red', 'blue'].map((colour) => picture(colour)));
    const task = await taskOf(await submit('blend', { base64Array, dimensions: null, quality: 'hd' }));
    expect(task.action).toMatchObject({ kind: 'blend', ratio: '1:1' });
    expect([task.prompt, task.account]).toEqual(['', 'default']);
    expect(jobs.map(({ kind }) => kind)).toEqual(['upload', 'upload']);
    const view = (await client.get(`/mj/task/${task.id}/fetch`)).json;
    expect(view).toMatchObject({ action: 'BLEND', description: `/blend ${task.id} 2`, status: 'NOT_START' });
  });

  test.each([
    ['PORTRAIT', '2:3'],
    ['LANDSCAPE', '3:2'],
  ])('%s is %s', async (dimensions, ratio) => {
    const base64Array = [await picture(), await picture()];
    const task = await taskOf(await submit('blend', { base64Array, dimensions, botType: 'NIJI_JOURNEY' }));
    expect(task.action).toMatchObject({ ratio, bot: 'niji' });
  });

  it('refuses any other number of pictures in words, and uploads none of them', async () => {
    const one = await picture();
    await expectRefused(
      await submit('blend', { base64Array: Array(6).fill(one) }),
      /2 to 5 pictures, and 6 were/,
    );
    await expectRefused(await submit('blend', { base64Array: [one] }), /2 to 5 pictures, and 1 was/);
    await expectRefused(await submit('blend', {}), /2 to 5 pictures/);
    await expectRefused(await submit('blend', { base64Array: [one, '', null] }), /and 1 was/);
  });

  it('refuses links, unknown dimensions, and what is no picture', async () => {
    const one = await picture();
    await expectRefused(await submit('blend', { base64Array: [one, link] }), /base64Array.1: is a link/);
    await expectRefused(await submit('blend', { base64Array: [one, one], dimensions: 'WIDE' }), /dimensions/);
    await expectRefused(await submit('blend', { base64Array: ['data:,x', one] }), /base64Array.0/);
    await expectRefused(await submit('blend', { base64Array: ['aGVsbG8=', 'aGVsbG8='] }), /not a png/);
  });
});

describe('describe', () => {
  it('takes a picture as base64', async () => {
    const task = await taskOf(await submit('describe', { base64: await picture(), state: '{"room":1}' }));
    expect(task).toMatchObject({ triggerType: 'describe', account: 'default', state: '{"room":1}' });
    const { kind } = task.action;
    const file = 'uploadFilename' in task.action ? task.action.uploadFilename : '';
    expect([kind, file]).toEqual(['describe', expect.stringMatching(/^0b9cf0a6\/\d+\.png$/)]);
    const [upload] = await api.deps.db.select().from(uploads).where(eq(uploads.uploadFilename, file));
    expect(upload?.userId).toBe(task.userId);
    expect(jobs).toHaveLength(1);
  });

  it.each([{ link }, { base64: link }, { base64Array: [link, 'x'] }, { base64: '', link, language: 'zh' }])(
    'takes a link as it is: %j',
    async (body) => {
      const task = await taskOf(await submit('describe', body));
      expect(task.action).toEqual({ kind: 'describe', link });
      expect(jobs).toEqual([]);
    },
  );

  it('takes the first of base64Array, which some clients send', async () => {
    const task = await taskOf(await submit('describe', { base64Array: [await picture()] }));
    expect(task.action).toHaveProperty('uploadFilename');
  });

  it('refuses no picture, and what is none', async () => {
    await expectRefused(await submit('describe', {}), /base64: or link is required/);
    await expectRefused(await submit('describe', { base64: 'data:image/png,x' }), /without base64/);
    await expectRefused(await submit('describe', { base64: 'data:image/png;base64,aGVsbG8=' }), /not a png/);
  });

  it('answers a picture that is too large with 413', async () => {
    const noise = Buffer.alloc(300_000, 'x').toString('base64');
    const answer = await submit('describe', { base64: noise });
    expect([answer.status, answer.json.code, answer.json.result]).toEqual([413, 4, null]);
  });
});

describe.each(['edits', 'edit'])('%s', (route) => {
  it.each(['image', 'base64'])('edits a picture in %s by --edit', async (field) => {
    const task = await taskOf(await submit(route, { prompt: 'in winter', [field]: await picture() }));
    expect(task.triggerType).toBe('edit');
    expect(task.action).toMatchObject({
      kind: 'imagine',
      prompt: expect.stringMatching(/^in winter --edit https:\/\/cdn\.example\/\d+\.png$/),
    });
    const view = (await client.get(`/mj/task/${task.id}/fetch`)).json;
    expect(view).toMatchObject({ action: 'EDIT', description: '/edit in winter', prompt: 'in winter' });
  });

  it('edits up to four in base64Array, in their order', async () => {
    const base64Array = [await picture(), link, '', await picture('coral')];
    const task = await taskOf(await submit(route, { prompt: 'together', base64Array }));
    expect(task.action).toMatchObject({
      prompt: expect.stringMatching(
        /^together --edit https:\/\/cdn\.example\/\d+\.png https:\/\/example\.com\/boat\.png https:\/\/cdn\.example\/\d+\.png$/,
      ),
    });
  });

  it('refuses five, and an empty list', async () => {
    const five = { prompt: 'together', base64Array: Array.from({ length: 5 }, () => link) };
    await expectRefused(await submit(route, five), /base64Array: may have 4 pictures, and 5 were sent/);
    await expectRefused(await submit(route, { prompt: 'alone', base64Array: [] }), /image: is required/);
  });

  it('edits what a link shows', async () => {
    const task = await taskOf(
      await submit(route, { prompt: 'in winter --ar 3:2', image: link, mode: 'RELAX' }),
    );
    expect(task.action).toMatchObject({ prompt: `in winter --ar 3:2 --edit ${link} --relax` });
    expect(task.speed).toBe('relax');
  });

  it('refuses a mask, which the Discord bot does not take, and what is missing', async () => {
    const image = await picture();
    const masked = { prompt: 'in winter', image, maskBase64: image };
    await expectRefused(await submit(route, masked), /not supported by the Discord bot/);
    await expectRefused(await submit(route, { prompt: 'in winter' }), /image: is required/);
    await expectRefused(await submit(route, { image }), /prompt/);
  });

  it('uploads nothing for a banned word', async () => {
    const answer = await submit(route, { prompt: 'gore', image: await picture() });
    expect(answer.json).toMatchObject({ code: 24, properties: { bannedWord: 'gore', promptEn: 'gore' } });
    expect(jobs).toEqual([]);
  });
});

describe('video', () => {
  it('begins with a picture', async () => {
    const body = { motion: 'HIGH', prompt: 'waves', image: await picture(), mode: 'FAST', videoType: 'x' };
    const task = await taskOf(await submit('video', body));
    expect(task).toMatchObject({ triggerType: 'video', prompt: 'waves', speed: 'fast' });
    expect(task.action).toMatchObject({
      prompt: expect.stringMatching(
        /^https:\/\/cdn\.example\/\d+\.png waves .*--video --motion high --bs 4 --fast$/,
      ),
    });
    const view = (await client.get(`/mj/task/${task.id}/fetch`)).json;
    expect(view).toMatchObject({ action: 'VIDEO', videoUrl: null, videoUrls: null, imageUrl: null });
  });

  it.each([
    [{ image: link }, '--video --motion low --bs 4'],
    [{ base64: link, batchSize: 1, motion: 'low' }, '--video --motion low --bs 1'],
    [{ image: link, batchSize: '2', loop: true }, '--video --motion low --bs 2 --loop'],
    [{ image: link, endImage: `${link}?end` }, `--video --motion low --bs 4 --end ${link}?end`],
    [{ image: link, taskId: '', action: '', index: 1 }, '--video --motion low --bs 4'],
  ])('of %j is asked for by %s', async (body, params) => {
    const { action } = await taskOf(await submit('video', body));
    expect(action).toEqual({ kind: 'imagine', prompt: `${link} ${params}` });
  });

  it('refuses what does not go together', async () => {
    await expectRefused(await submit('video', { prompt: 'waves' }), /image: is required/);
    await expectRefused(await submit('video', { image: link, batchSize: 3 }), /batchSize/);
    await expectRefused(await submit('video', { image: link, motion: 'wild' }), /motion/);
    await expectRefused(await submit('video', { image: link, taskId: '1' }), /taskId: is for "action"/);
    await expectRefused(await submit('video', { image: link, endImage: link, loop: true }), /loop/);
    await expectRefused(await submit('video', { image: link }, '/mj-turbo/mj'), /no videos are made/);
  });
});

describe('upload-discord-images', () => {
  const upload = (body: object) => submit('upload-discord-images', body);

  it('answers the links in order, and costs nothing', async () => {
    const base64Array = await Promise.all(['red', 'blue', 'green'].map((colour) => picture(colour)));
    const answer = await upload({ base64Array, filter: { instanceId: 'x' } });
    expect([answer.status, answer.json.code, answer.json.properties]).toEqual([200, 1, {}]);
    const posted = jobs.flatMap((job) => (job.kind === 'post' ? `https://cdn.example/${job.filename}` : []));
    expect([...(answer.json.result as string[])].sort()).toEqual(posted.sort());
    expect(posted).toHaveLength(3);
    expect((await client.get('/mj/task/list')).json).not.toContainEqual(
      expect.objectContaining({ description: expect.stringContaining('upload') }),
    );
  });

  it('takes a single base64, and leaves links as they are', async () => {
    expect((await upload({ base64: link })).json.result).toEqual([link]);
    expect((await upload({ base64Array: [link, await picture()] })).json.result).toEqual([
      link,
      expect.stringMatching(/^https:\/\/cdn\.example\//),
    ]);
  });

  it('refuses none, and too many', async () => {
    await expectRefused(await upload({}), /is empty/);
    await expectRefused(await upload({ base64Array: [] }), /is empty/);
    await expectRefused(await upload({ base64Array: Array(11).fill(await picture()) }), /10 pictures/);
  });
});

describe('what the Discord bot cannot do', () => {
  it.each(['/mj/submit/retexture', '/mj/insight-face/swap', '/mj-fast/mj/insight-face/video-swap'])(
    'is said with code 4 by %s, whatever is sent',
    async (path) => {
      const body = { prompt: 'x', image: 'y', sourceBase64: 'z', targetUrl: 1, state: 'a' };
      await expectRefused(await client.post(path, body), /not supported by the Discord bot/);
    },
  );

  it('is said to clients that send a form with files, too', async () => {
    const body = new FormData();
    body.set('source', new Blob([new Uint8Array(2_000_000)], { type: 'image/png' }), 'face.png');
    const headers = { Authorization: appKey };
    const answer = await api.app.request('/mj/insight-face/swap', { method: 'POST', headers, body });
    await expectRefused(await readAnswer(answer), /not supported by the Discord bot/);
  });
});
