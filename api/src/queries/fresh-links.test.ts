import type { UploadJob, UploadJobResult } from '@midjourney-api/shared/queues/catalogue';
import { queueNames } from '@midjourney-api/shared/queues/keys';
import { findTask } from '@midjourney-api/shared/tasks/find-tasks';
import { renewLink } from '@midjourney-api/shared/tasks/renew-link';
import { Worker } from 'bullmq';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  finishedGrid,
  openTestApi,
  sent,
  type TestApi,
  type TestClient,
  taskId,
} from '../testing/open-test-api.ts';

let api: TestApi;
let client: TestClient;
let worker: Worker<UploadJob, UploadJobResult>;
/** The tasks of each job that a worker had. */
let jobs: string[][];
let discordFails: boolean;
let clients = 0;

const linkUntil = (expiry: Date, name = 'grid.png') =>
  `https://cdn.example/${name}?ex=${Math.floor(expiry.getTime() / 1_000).toString(16)}&is=1&hm=2&`;
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);
const expired = linkUntil(inMinutes(-1));
const fresh = linkUntil(inMinutes(60));

beforeAll(async () => {
  api = await openTestApi();
  const { redis, config, db } = api.deps;
  worker = new Worker(
    queueNames.uploads,
    async ({ data }) => {
      if (data.kind !== 'refresh') throw new Error('another job');
      jobs.push(data.taskIds);
      if (discordFails) throw new Error('Discord renewed none of the links.');
      for (const id of data.taskIds) {
        const task = await findTask(db, id);
        if (task) await renewLink(db, task, fresh);
      }
      return { renewed: data.taskIds.length };
    },
    {
      connection: redis.duplicate({ maxRetriesPerRequest: null, enableOfflineQueue: true }),
      prefix: config.REDIS_PREFIX,
    },
  );
});
beforeEach(async () => {
  jobs = [];
  discordFails = false;
  clients += 1;
  client = await api.client(`someone-${clients}`);
});
afterAll(async () => {
  await worker.close();
  await api.close();
});

async function finished(imageUrl: string | null = expired, { late = false } = {}): Promise<string> {
  const { trigger_id } = (await client.post('/imagine', { prompt: 'a cat' })).json;
  const event = finishedGrid();
  if (event.type !== 'succeeded') throw new Error('it did not succeed');
  await api.happen(trigger_id, ...sent());
  if (late) await api.happen(trigger_id, { type: 'failed', code: 'timeout', reason: 'too slow' });
  await api.happen(trigger_id, { ...event, result: { ...event.result, imageUrl } });
  return trigger_id;
}

describe("Discord's link, where pictures are not kept,", () => {
  test('is shown as it is as long as it works, or says nothing of its end', async () => {
    for (const link of [fresh, 'https://cdn.example/grid.png']) {
      expect((await client.get(`/task/${await finished(link)}`)).json.image_url).toBe(link);
    }
    expect(jobs).toEqual([]);
  });

  test('is renewed once when it has expired, for all that read the task', async () => {
    const id = await finished();
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.get(`/task/${id}`)));
    expect(new Set(answers.map(({ json }) => json.image_url))).toEqual(new Set([fresh]));
    expect((await client.get(`/task/${id}`)).json.image_url).toBe(fresh);
    expect(jobs).toEqual([[id]]);
  });

  test('makes another version of the task, so that nobody keeps the old one', async () => {
    const id = await finished();
    const known = (await findTask(api.deps.db, taskId(id)))?.version;
    const response = await client.get(`/task/${id}`, { headers: { 'If-None-Match': `"${id}-${known}"` } });
    expect([response.status, response.json.image_url]).toEqual([200, fresh]);
  });

  test('is renewed in lists and events too', async () => {
    const ids = [await finished(), await finished(fresh), await finished()];
    const list = (await client.get('/tasks')).json.data;
    expect(list.map(({ image_url }) => image_url)).toEqual([fresh, fresh, fresh]);
    expect(jobs).toEqual([[ids[2], ids[0]]]);
    const id = await finished();
    expect((await client.get(`/task/${id}/events`)).text).toContain(fresh);
  });

  test('of a late picture is renewed as well', async () => {
    const id = await finished(expired, { late: true });
    const { json } = await client.post(`/task/${id}/claim`, {});
    expect(json).toMatchObject({ status: 'succeeded', image_url: fresh });
  });

  test('stays what it was when Discord does not renew it, and is not requested again at once', async () => {
    discordFails = true;
    const id = await finished();
    for (let i = 0; i < 3; i++) {
      const { status, json } = await client.get(`/task/${id}`);
      expect([status, json.image_url]).toEqual([200, expired]);
    }
    expect(jobs).toEqual([[id]]);
    expect(api.logged).toContainEqual(expect.objectContaining({ tasks: [id], msg: 'links not renewed' }));
  });

  test('holds nobody up for long while no worker takes it, and is renewed when one does', async () => {
    await worker.pause();
    const id = await finished();
    const start = performance.now();
    expect((await client.get(`/task/${id}`)).json.image_url).toBe(expired);
    expect(performance.now() - start).toBeLessThan(6_000);
    expect(await api.deps.queues.uploads.getWaitingCount()).toBe(0);
    worker.resume();
    expect((await client.get(`/task/${id}`)).json.image_url).toBe(fresh);
  });
});
