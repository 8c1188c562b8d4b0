import { windows } from '@midjourney-api/shared/database/schema';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../../../../test/eventually.ts';
import { startReconciler } from '../../../reconciler/reconciler.ts';
import { openTestApi, type TestApi, taskId } from '../../../testing/open-test-api.ts';
import {
  accepted,
  describedTexts,
  job,
  listenAs,
  openPresser,
  type Presser,
  region,
  zoom,
} from './presses.fixture.ts';

let api: TestApi;
let client: Presser;
let users = 0;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  client = await openPresser(api, `user-${++users}`);
  await listenAs(api, 'user');
});

async function age(id: string, minutes: number) {
  const createdAt = new Date(Date.now() - minutes * 60_000);
  await api.deps.db
    .update(windows)
    .set({ createdAt })
    .where(eq(windows.id, taskId(id)));
}

describe('a window', () => {
  test.each([
    ['custom zoom', 'single', zoom, 'a fox --zoom 2'],
    ['a region', 'single', region, 'a fox'],
    ['a described prompt', 'described', 'MJ::Job::PicReader::2', describedTexts[1]],
    ['a shortened prompt', 'shortened', 'MJ::Job::PromptAnalyzer::3', describedTexts[2]],
  ] as const)(
    'is opened by %s, always, with the prompt to fill in',
    async (_what, of, customId, finalPrompt) => {
      const { parent, answer } = await client.openWindow(of, customId);
      expect(answer.result).not.toBe(parent);
      expect(answer.properties).toEqual({ finalPrompt, remix: true });
      // Dooy looks for this word, new-api for this text.
      expect(answer.description).toContain('confirm');
      expect(answer.text).toContain('"code":21');
    },
  );

  test('is seen at once as a task in status MODAL, charges nothing, and is not queued', async () => {
    const before = { ...(await api.deps.queues.account('default').getJobCounts()) };
    const { parent, id } = await client.openWindow('single', zoom, { state: 'room:user' });
    const shown = await client.fetch(id);
    expect(shown).toMatchObject({
      id,
      status: 'MODAL',
      progress: '0%',
      action: 'ZOOM',
      description: `/up ${parent} Custom zoom`,
      state: 'room:user',
      failReason: null,
      buttons: [],
      imageUrl: null,
      properties: { finalPrompt: 'a fox --zoom 2' },
    });
    expect(await client.tokensUsed()).toBe(1);
    expect(await api.deps.queues.account('default').getJobCounts()).toEqual(before);
  });

  test('is in lists, newest first, of its user alone', async () => {
    const { parent, id } = await client.openWindow('single', zoom);
    const other = await openPresser(api, `other-${users}`);
    for (const path of ['/mj/task/list-by-condition', '/mj/task/list-by-ids']) {
      const listed = await client.list(path, { ids: [id, parent, '1764130001234567'] });
      expect(listed.map((task) => [task.id, task.status])).toEqual(
        expect.arrayContaining([
          [id, 'MODAL'],
          [parent, 'SUCCESS'],
        ]),
      );
      expect(listed).toHaveLength(2);
      expect(await other.list(path, { ids: [id] })).toEqual([]);
    }
    expect((await client.list('/mj/task/list')).map((task) => task.id)).toEqual([id, parent]);
    expect(await client.list('/mj/task/queue')).toEqual([]);
    expect((await other.fetch(id)).failReason).toBe('task not found');
  });

  test('is no task of /v1 before its form is sent', async () => {
    const { id } = await client.openWindow('single', zoom);
    expect((await client.get(`/task/${id}`)).status).toBe(404);
    await client.modal({ taskId: id });
    expect((await client.get(`/task/${id}`)).json).toMatchObject({ trigger_id: id, status: 'queued' });
  });

  test('that nobody fills in fails after ten minutes, is no longer submitted, and is deleted later', async () => {
    const { id } = await client.openWindow('single', zoom);
    await age(id, 9.9);
    expect((await client.fetch(id)).status).toBe('MODAL');
    await age(id, 10);
    const shown = await client.fetch(id);
    expect(shown).toMatchObject({ status: 'FAILURE', progress: '', failReason: 'modal timed out' });
    expect(await client.modal({ taskId: id })).toMatchObject({ status: 200, code: 4, result: null });
    expect(await client.tokensUsed()).toBe(1);
    await age(id, 60);
    const reconciler = startReconciler(api.deps, 500);
    await eventually(async () => expect((await client.fetch(id)).failReason).toBe('task not found'));
    await reconciler.close();
  });

  test('that is cancelled fails with "cancelled", at once and for nothing', async () => {
    const { id } = await client.openWindow('single', zoom);
    expect(await client.cancel(id)).toMatchObject({ code: 1, result: id });
    expect(await client.fetch(id)).toMatchObject({
      status: 'FAILURE',
      progress: '',
      failReason: 'cancelled',
    });
    expect(await client.modal({ taskId: id })).toMatchObject({ code: 4, result: null });
    expect(await client.tokensUsed()).toBe(1);
    const submitted = await client.openWindow('single', zoom);
    await client.modal({ taskId: submitted.id });
    expect(await client.cancel(submitted.id)).toMatchObject({ code: 1, result: submitted.id });
    expect((await client.fetch(submitted.id)).failReason).toBe('cancelled');
  });

  test('needs an account whose user is shown forms, and says so', async () => {
    await listenAs(api, 'bot');
    const parent = await client.finished('single');
    for (const customId of [zoom, region]) {
      const answer = await client.action({ taskId: parent, customId });
      expect(answer).toMatchObject({ code: 4, result: null });
      expect(answer.description).toMatch(/user session/);
    }
    expect(await client.tokensUsed()).toBe(1);
  });
});

describe('remix', () => {
  test.each([
    ['a reroll', 'grid', `MJ::JOB::reroll::0::${job}::SOLO`],
    ['a variation', 'grid', `MJ::JOB::variation::2::${job}`],
    ['a strong variation', 'single', `MJ::JOB::high_variation::1::${job}::SOLO`],
    ['a pan', 'single', `MJ::JOB::pan_left::1::${job}::SOLO`],
    ['an animation', 'single', `MJ::JOB::animate_low::1::${job}::SOLO`],
  ] as const)('opens a window for %s only when the client asks for one', async (_what, of, customId) => {
    const parent = await client.finished(of);
    expect(accepted).toContain((await client.action({ taskId: parent, customId })).code);
    for (const asked of [{ enableRemix: true }, { accountFilter: { remix: true } }]) {
      const answer = await client.action({ taskId: parent, customId, ...asked });
      expect(answer).toMatchObject({ code: 21, properties: { finalPrompt: 'a fox', remix: true } });
      const sent = await client.modal({ taskId: answer.result, prompt: 'a hare' });
      expect(accepted).toContain(sent.code);
      expect((await client.stored(sent.result))?.action).toMatchObject({ customId, prompt: 'a hare' });
    }
  });

  test.each([
    ['an upscale, which has no form', 'user', true, 'grid', `MJ::JOB::upsample::1::${job}`],
    ['an account that is in no remix mode', 'user', false, 'grid', `MJ::JOB::variation::1::${job}`],
    ['an account that is shown no forms', 'bot', true, 'grid', `MJ::JOB::variation::1::${job}`],
  ] as const)('opens none for %s: it is pressed', async (_what, session, remix, of, customId) => {
    await listenAs(api, session, remix);
    const answer = await client.action({ taskId: await client.finished(of), customId, enableRemix: true });
    expect(accepted).toContain(answer.code);
  });
});
