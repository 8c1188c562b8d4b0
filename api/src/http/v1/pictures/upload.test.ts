import type { UploadJob, UploadJobResult } from '@midjourney-api/shared/queues/catalogue';
import { queueNames, uploadedBytesKey } from '@midjourney-api/shared/queues/keys';
import { Worker } from 'bullmq';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runUploadJob } from '../../../commands/upload/upload-job.ts';
import { openTestApi, readAnswer, type TestApi, type TestClient } from '../../../testing/open-test-api.ts';
import { apiPrefix } from '../../app-env.ts';

let api: TestApi;
let client: TestClient;
let worker: Worker<UploadJob, UploadJobResult>;
let png: Buffer;
const jobs: UploadJob[] = [];
const bytesSeen: (Buffer | null)[] = [];
let failing = false;

beforeAll(async () => {
  api = await openTestApi({ UPLOAD_LIMIT_BYTES: '200000' });
  client = await api.client('someone');
  png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } })
    .png()
    .toBuffer();
  const { redis, config } = api.deps;
  worker = new Worker(
    queueNames.uploads,
    async ({ data }) => {
      jobs.push(data);
      if (data.kind === 'refresh') return { renewed: 0 };
      if (data.kind === 'fetch') return { bytes: 0 };
      if (data.kind === 'post') return { imageUrl: `https://cdn.example/${data.filename}` };
      bytesSeen.push(await redis.getBuffer(uploadedBytesKey(config.REDIS_PREFIX, data.uploadId)));
      if (failing) throw new Error('Discord says no, token abc');
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

async function upload(
  bytes: Buffer,
  name = 'my secret holiday.exe',
  as = client,
  more: Record<string, string> = {},
) {
  const form = new FormData();
  form.set('file', new File([new Uint8Array(bytes)], name, { type: 'application/x-msdownload' }));
  return readAnswer(
    await api.app.request(`${apiPrefix}/upload`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${as.appKey}`, ...more },
      body: form,
    }),
  );
}

describe('/upload', () => {
  test('hands the bytes to a worker under a name of its own and answers where they are', async () => {
    const { status, json } = await upload(png);
    expect(status).toBe(200);
    const filename = `${json.trigger_id}.png`;
    expect(json).toEqual({
      message: 'success',
      upload_filename: `0b9cf0a6/${filename}`,
      upload_url: `https://slots.example/0b9cf0a6/${filename}`,
      trigger_id: expect.stringMatching(/^\d{10,19}$/),
    });
    expect(jobs.at(-1)).toEqual({
      kind: 'upload',
      uploadId: json.trigger_id,
      filename,
      contentType: 'image/png',
      size: bytesSeen.at(-1)?.length,
    });
    const { width, height } = await sharp(bytesSeen.at(-1) ?? undefined).metadata();
    expect([width, height]).toEqual([8, 8]);
    expect((await client.get('/me')).json.token_use).toBe(0);
  });

  test('refuses what is no picture, whatever its name says', async () => {
    const { status, json } = await upload(Buffer.from('MZ'), 'cat.png');
    expect([status, json.code]).toEqual([415, 'unsupported_image']);
  });

  test('gives a worker nothing of a picture but its pixels', async () => {
    const secret = 'taken at home';
    const photo = await sharp(png)
      .withExif({ IFD0: { Copyright: secret } })
      .jpeg()
      .toBuffer();
    expect(photo.includes(secret)).toBe(true);
    expect((await upload(photo)).status).toBe(200);
    expect(bytesSeen.at(-1)?.length).toBeGreaterThan(100);
    expect(bytesSeen.at(-1)?.includes(secret)).toBe(false);
  });

  test('refuses a picture of more pixels than may be', async () => {
    const huge = sharp({ create: { width: 8_000, height: 8_000, channels: 3, background: 'white' } });
    const { status, json } = await upload(await huge.png({ palette: true, colours: 2 }).toBuffer());
    expect([status, json.code, json.detail]).toEqual([
      413,
      'too_large',
      'The picture has 64000000 pixels; it may have 50000000.',
    ]);
  });

  test.each([200_001, 300_000])('refuses %d bytes', async (size) => {
    const { status, json } = await upload(Buffer.concat([png, Buffer.alloc(size - png.length)]));
    expect([status, json.code, json.detail]).toEqual([
      413,
      'too_large',
      'The picture is larger than 200000 bytes.',
    ]);
  });

  test.each(['text', 'nothing'])('refuses a form with %s for a file', async (what) => {
    const form = new FormData();
    if (what === 'text') form.set('file', 'cat.png');
    const { status, json } = await readAnswer(
      await api.app.request(`${apiPrefix}/upload`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${client.appKey}` },
        body: form,
      }),
    );
    expect([status, json.code]).toEqual([400, 'invalid_request']);
  });

  test('says so when the worker could not do it, without its reasons', async () => {
    failing = true;
    const { status, json, text } = await upload(png);
    failing = false;
    expect([status, json.code]).toEqual([503, 'unavailable']);
    expect(text).not.toContain('abc');
  });

  test('says so when no worker takes it in time, and takes the job back', async () => {
    await worker.pause();
    const job: UploadJob = { kind: 'post', account: 'default', uploadFilename: 'a/b.png', filename: 'b.png' };
    await expect(runUploadJob(api.deps, job, 200)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('No worker'),
    });
    expect(await api.deps.queues.uploads.getWaitingCount()).toBe(0);
    worker.resume();
  });
});

test('/message answers the link of an uploaded picture', async () => {
  const { upload_filename, trigger_id } = (await upload(png)).json;
  const { status, json } = await client.post('/message', { upload_filename });
  expect([status, json]).toEqual([
    200,
    { message: 'success', picurl: `https://cdn.example/${trigger_id}.png` },
  ]);
  expect(jobs.at(-1)).toEqual({
    kind: 'post',
    account: 'default',
    uploadFilename: upload_filename,
    filename: `${trigger_id}.png`,
  });
});

test('/describe takes an uploaded picture, on the account that has it', async () => {
  const { upload_filename } = (await upload(png)).json;
  const { status, json } = await client.post('/describe', { upload_filename, trigger_id: null });
  expect([status, json.trigger_type]).toEqual([200, 'describe']);
  const waiting = await api.deps.queues.account('default').getJobs(['prioritized']);
  expect(waiting.map(({ data }) => data.taskId)).toContain(json.trigger_id);
});

test.each(['/message', '/describe'])("%s does not know another user's file", async (path) => {
  const { upload_filename } = (await upload(png)).json;
  const other = await api.client(`other${path.slice(1)}`);
  const theirs = await other.post(path, { upload_filename });
  const unknown = await other.post(path, { upload_filename: 'a/b.png' });
  expect([theirs.status, theirs.json.code, theirs.json.detail]).toEqual([
    404,
    'not_found',
    unknown.json.detail,
  ]);
});

test('an upload repeated with its Idempotency-Key is the first one, and another one under it is refused', async () => {
  const key = { 'Idempotency-Key': 'holiday-1' };
  const first = await upload(png, 'a.png', client, key);
  const before = jobs.length;
  const again = await upload(png, 'b.png', client, key);
  expect([again.status, again.json]).toEqual([200, first.json]);
  expect([first, again].map(({ headers }) => headers.get('Idempotency-Replayed'))).toEqual([null, 'true']);
  expect(jobs.length).toBe(before);

  const other = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  expect((await upload(other, 'a.png', client, key)).json.code).toBe('idempotency_conflict');
  const { token_use } = (await client.get('/me')).json;
  const submitted = await client.post('/imagine', { prompt: 'a cat' }, key);
  expect([submitted.status, submitted.json.code]).toEqual([409, 'idempotency_conflict']);
  expect((await client.get('/me')).json.token_use).toBe(token_use);
});

test('of uploads that come at once under one key, all are answered with the first', async () => {
  const key = { 'Idempotency-Key': 'holiday-2' };
  const answers = await Promise.all(Array.from({ length: 4 }, () => upload(png, 'a.png', client, key)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  const filename = answers[0]?.json.upload_filename;
  expect((await client.post('/message', { upload_filename: filename })).status).toBe(200);
});
