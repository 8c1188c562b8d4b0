import { tasks } from '@midjourney-api/shared/database/schema';
import type { Button } from '@midjourney-api/shared/tasks/task';
import type { TaskEvent } from '@midjourney-api/shared/tasks/transition';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { type MjClient, mjClient } from '../../../testing/mj-client.ts';
import {
  type Answer,
  finishedGrid,
  gridHash,
  openTestApi,
  sent,
  type TestApi,
  type TestClient,
  taskId,
} from '../../../testing/open-test-api.ts';
import { jobIdIn } from './show.ts';

let api: TestApi;
let user: TestClient;
let client: MjClient;
let other: MjClient;

beforeAll(async () => {
  api = await openTestApi({ MJ_QUEUE_CODE: '1' });
  user = await api.client('someone');
  client = mjClient(api, user.appKey);
  other = mjClient(api, (await api.client('other')).appKey);
});
afterAll(() => api.close());

const submit = (route: string, body: object, as = client) => as.post(`/mj/submit/${route}`, body);

async function accepted(answer: Answer): Promise<string> {
  expect([answer.status, answer.json.code]).toEqual([200, 1]);
  return String(answer.json.result);
}

async function taskOf(answer: Answer) {
  const id = taskId(await accepted(answer));
  const [task] = await api.deps.db.select().from(tasks).where(eq(tasks.id, id));
  return task;
}

function expectRefused({ status, json }: Answer, why: RegExp, code = 4): void {
  expect([status, json.code, json.result]).toEqual([200, code, null]);
  expect(json.description).toMatch(why);
}

let messages = 1_380_000_000_000_000_000n;

function finished(buttons: string[], hash: string): TaskEvent {
  const shown: Button[] = buttons.map((customId) => ({
    label: /::(\d)::/.exec(customId)?.[1] ? `U${/::(\d)::/.exec(customId)?.[1]}` : '',
    custom_id: customId,
  }));
  return {
    type: 'succeeded',
    result: {
      messageId: String(messages++),
      messageFlags: 0,
      messageHash: hash,
      imageUrl: 'https://cdn.example/boat.webp',
      mediaType: 'image/webp',
      width: 640,
      height: 480,
      buttons: shown,
      texts: null,
    },
  };
}

describe('a video is made longer', () => {
  const hash = '11d7cf9f-c2f0-4adf-a124-0020fb9f867f';
  const picks = [1, 2, 3, 4].map((index) => `MJ::JOB::video_virtual_upscale::${index}::${hash}`);
  const extendHigh = `MJ::JOB::animate_high_extend::1::${hash}::SOLO`;
  let sheet: string;

  beforeAll(async () => {
    const image = 'https://example.com/boat.png';
    sheet = await accepted(await submit('video', { prompt: 'waves', image }));
    await api.happen(sheet, ...sent(), finished(picks, hash));
  });

  const extend = (body: object, as = client) => submit('video', { action: 'extend', ...body }, as);

  it('once it was picked from the four', async () => {
    expectRefused(await extend({ taskId: sheet, index: 1 }), /press U2 first/);
    const { json } = await user.post('/video_upscale', { trigger_id: sheet, index: 2 });
    const pick = json.trigger_id;
    await api.happen(pick, ...sent(), finished([extendHigh], hash));

    // Clients repeat the prompt of the video.
    const longer = await taskOf(await extend({ taskId: sheet, index: 1, motion: 'high', prompt: 'waves' }));
    expect(longer).toMatchObject({
      triggerType: 'extend',
      parentId: pick,
      action: { kind: 'button', customId: extendHigh },
    });
    expect(longer?.action).not.toHaveProperty('prompt');
    expect((await client.get(`/mj/task/${longer?.id}/fetch`)).json.action).toBe('VIDEO');

    const byItself = await taskOf(await extend({ taskId: pick, motion: 'high' }));
    expect(byItself).toMatchObject({ parentId: pick, triggerType: 'extend' });
    expectRefused(await extend({ taskId: sheet, index: 2, motion: 'high' }), /press U3 first/);
    expectRefused(await extend({ taskId: pick, motion: 'low' }), /no button for "extend"/);
  });

  it('by its owner, from a task that has it', async () => {
    expectRefused(await extend({ taskId: sheet, index: 1 }, other), /You have no task/, 3);
    expectRefused(await extend({ taskId: '1767323045678400' }), /You have no task/, 3);
    expectRefused(await extend({}), /taskId: is required/);
    expectRefused(await extend({ taskId: sheet, index: 4 }), /index/);
    const waiting = await accepted(await submit('imagine', { prompt: 'a cat' }));
    expectRefused(await extend({ taskId: waiting }), /wait until it has succeeded/);
  });
});

describe('show', () => {
  const drawnHash = gridHash;

  it('answers the task of a job that is known, and charges nothing', async () => {
    const id = await accepted(await submit('imagine', { prompt: 'a cat' }));
    await api.happen(id, ...sent(), finishedGrid(undefined, drawnHash));
    for (const jobId of [
      drawnHash,
      drawnHash.toUpperCase(),
      `https://cdn.midjourney.com/${drawnHash}/0_0.png`,
      `https://cdn.discordapp.com/attachments/1/2/someone_a_cat_${drawnHash}.png?ex=1`,
    ])
      expect(await accepted(await submit('show', { jobId }))).toBe(id);
  });

  it('brings a job back that is not known', async () => {
    const jobId = '22d7cf9f-c2f0-4adf-a124-0020fb9f867f';
    const body = { jobId, botType: 'NIJI_JOURNEY', accountFilter: { instanceId: '1118138338562560102' } };
    expect(await taskOf(await submit('show', body))).toMatchObject({
      triggerType: 'show',
      account: 'default',
      action: { kind: 'show', jobId, bot: 'niji' },
    });
  });

  it('refuses what names no job, and the job of another user', async () => {
    expectRefused(await submit('show', {}), /jobId/);
    expectRefused(
      await submit('show', { jobId: 'https://example.com/cat.png' }),
      /must be a Midjourney job's UUID/,
    );
    expectRefused(await submit('show', { jobId: drawnHash }, other), /You have no job/, 3);
  });

  test.each([
    ['22D7CF9F-c2f0-4adf-a124-0020fb9f867f', '22d7cf9f-c2f0-4adf-a124-0020fb9f867f'],
    ['x_22d7cf9f-c2f0-4adf-a124-0020fb9f867f_y.png', '22d7cf9f-c2f0-4adf-a124-0020fb9f867f'],
  ])('%s has the job %s', (text, jobId) => {
    expect(jobIdIn(text)).toBe(jobId);
  });

  test.each(['', '22d7cf9f', 'a22d7cf9f-c2f0-4adf-a124-0020fb9f867f', '22d7cf9fc2f04adfa1240020fb9f867f'])(
    '%j has none',
    (text) => {
      expect(() => jobIdIn(text)).toThrow(/UUID/);
    },
  );
});

describe('shorten', () => {
  it('takes a prompt', async () => {
    const answer = await submit('shorten', { prompt: 'a very long prompt', botType: 'NIJI_JOURNEY' });
    const task = await taskOf(answer);
    expect(task).toMatchObject({
      triggerType: 'shorten',
      prompt: 'a very long prompt',
      action: { kind: 'shorten', bot: 'niji' },
    });
    const view = (await client.get(`/mj/task/${task?.id}/fetch`)).json;
    expect(view).toMatchObject({
      action: 'SHORTEN',
      description: '/shorten a very long prompt',
      properties: { finalPrompt: '', finalZhPrompt: '' },
    });
  });

  it('refuses none', async () => {
    expectRefused(await submit('shorten', { prompt: ' ' }), /prompt/);
    expectRefused(await submit('shorten', {}), /prompt/);
  });
});
