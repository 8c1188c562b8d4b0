import { tasks, tokenLedger, uploads } from '@midjourney-api/shared/database/schema';
import { queueNames, uploadedBytesKey } from '@midjourney-api/shared/queues/keys';
import { createTaskIds } from '@midjourney-api/shared/tasks/task-id';
import { Worker } from 'bullmq';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../app.ts';
import { type Api, apiPrefix } from '../http/app-env.ts';
import {
  type Answer,
  openTestApi,
  readAnswer,
  type TestApi,
  type TestClient,
} from '../testing/open-test-api.ts';

let api: TestApi;
let client: TestClient;
beforeAll(async () => {
  api = await openTestApi();
  client = await api.client('someone');
});
afterAll(() => api.close());

/** Two processes that make the same ids in the same order. */
function twins(ms: number): [Api, Api] {
  const twin = () =>
    createApp({
      ...api.deps,
      newTaskId: createTaskIds(
        () => ms,
        () => 7,
      ),
    });
  return [twin(), twin()];
}

async function post(app: Api, path: string, body: string | FormData): Promise<Answer> {
  const headers = new Headers({ Authorization: `Bearer ${client.appKey}` });
  if (typeof body === 'string') headers.set('Content-Type', 'application/json');
  return readAnswer(await app.request(apiPrefix + path, { method: 'POST', headers, body }));
}

test('tasks that two processes give the same id become two tasks, also beside others in one transaction', async () => {
  const [first, second] = twins(Date.now());
  const submit = (app: Api, count: number) =>
    Promise.all(Array.from({ length: count }, () => post(app, '/imagine', '{"prompt":"a cat"}')));
  const taken = await submit(first, 5);
  const answers = [...taken, ...(await submit(second, 12))];

  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const ids = answers.map(({ json }) => json.trigger_id);
  expect(new Set(ids).size).toBe(17);
  const stored = await api.deps.db.select({ id: tasks.id }).from(tasks);
  expect(stored.map(({ id }) => id).sort()).toEqual(ids.sort());
  const reserved = await api.deps.db.select({ id: tokenLedger.taskId }).from(tokenLedger);
  expect(reserved.flatMap(({ id }) => id ?? []).sort()).toEqual(ids.sort());
  expect((await client.get('/me')).json.token_use).toBe(17);
});

test('uploads that two processes give the same id are two pictures with names of their own', async () => {
  const { redis, config } = api.deps;
  const fetched = new Map<string, Buffer | null>();
  const worker = new Worker(
    queueNames.uploads,
    async ({ data }) => {
      fetched.set(data.uploadId, await redis.getBuffer(uploadedBytesKey(config.REDIS_PREFIX, data.uploadId)));
      return {
        account: 'default',
        uploadFilename: `0b9c/${data.filename}`,
        uploadUrl: 'https://slots.example/1',
      };
    },
    {
      connection: redis.duplicate({ maxRetriesPerRequest: null, enableOfflineQueue: true }),
      prefix: config.REDIS_PREFIX,
    },
  );
  const upload = async (app: Api, side: number) => {
    const bytes = await sharp({ create: { width: side, height: side, channels: 3, background: 'teal' } })
      .png()
      .toBuffer();
    const form = new FormData();
    form.set('file', new File([new Uint8Array(bytes)], 'a.png'));
    return post(app, '/upload', form);
  };

  try {
    const [first, second] = twins(Date.now());
    const answers = await Promise.all([upload(first, 8), upload(second, 9)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const widths = await Promise.all(
      answers.map(
        async ({ json }) => (await sharp(fetched.get(json.trigger_id) ?? undefined).metadata()).width,
      ),
    );
    expect(widths).toEqual([8, 9]);
    expect(new Set(answers.map(({ json }) => json.upload_filename)).size).toBe(2);
    expect(await api.deps.db.$count(uploads)).toBe(2);
  } finally {
    await worker.close();
  }
});
