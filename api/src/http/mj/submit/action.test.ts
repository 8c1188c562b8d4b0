import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTestApi, type TestApi } from '../../../testing/open-test-api.ts';
import { accepted, describedTexts, job, listenAs, openPresser, type Presser } from './presses.fixture.ts';

let api: TestApi;
let client: Presser;
let users = 0;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  client = await openPresser(api, `presser-${++users}`);
  await listenAs(api, 'bot');
});

describe('/mj/submit/action', () => {
  test('presses a button of a finished task: 1 or 22 with the id of a new task', async () => {
    const parent = await client.finished('grid');
    const answer = await client.action({
      taskId: parent,
      customId: `MJ::JOB::variation::3::${job}`,
      state: 'room:user',
    });
    expect(answer.status).toBe(200);
    expect(accepted).toContain(answer.code);
    expect(answer.result).not.toBe(parent);
    expect(await client.fetch(answer.result)).toMatchObject({
      id: answer.result,
      action: 'VARIATION',
      status: 'NOT_START',
      description: `/up ${parent} V3`,
      state: 'room:user',
    });
    expect(await client.tokensUsed()).toBe(2);
    expect((await client.get(`/task/${answer.result}`)).json.parent_trigger_id).toBe(parent);
  });

  test('ignores chooseSameChannel, index, strong and tools, and what is empty', async () => {
    const body = {
      taskId: Number(await client.finished('single')),
      customId: `MJ::JOB::high_variation::1::${job}::SOLO`,
      chooseSameChannel: true,
      index: 4,
      strong: true,
      tools: ['x'],
      accountFilter: { instanceId: '', modes: [], remix: null },
      enableRemix: null,
      notifyHook: '',
      state: null,
    };
    expect(accepted).toContain((await client.action(body)).code);
  });

  test.each([
    ['a pick, by another uuid', 'grid', `MJ::JOB::upsample::2::${job.replaceAll('0', '9')}`, 'UPSCALE'],
    ['a reroll with another index', 'grid', 'MJ::JOB::reroll::1::x::SOLO', 'REROLL'],
    ['a pan with another index', 'single', 'MJ::JOB::pan_left::2::x::SOLO', 'PAN'],
    ['a zoom with another index', 'single', 'MJ::Outpaint::50::2::x::SOLO', 'ZOOM'],
    ['an animation', 'single', 'MJ::JOB::animate_low::1::x::SOLO', 'VIDEO'],
    ['an upscale', 'single', 'MJ::JOB::upsample_v7_2x_subtle::1::x::SOLO', 'UPSCALE'],
    ['describing again', 'described', 'MJ::Picread::Retry', 'DESCRIBE'],
  ] as const)('takes a custom_id that the client built: %s', async (_what, of, customId, action) => {
    const answer = await client.action({ taskId: await client.finished(of), customId });
    expect([answer.description, accepted.includes(answer.code)]).toEqual([answer.description, true]);
    expect((await client.fetch(answer.result)).action).toBe(action);
  });

  describe('refuses with 4, and nothing is charged', () => {
    test.each([
      ['without taskId', { customId: `MJ::JOB::upsample::1::${job}` }, /taskId/],
      ['with an empty taskId', { taskId: '', customId: `MJ::JOB::upsample::1::${job}` }, /taskId/],
      ['without customId', { taskId: '1764130001234567' }, /customId/],
      ['with a customId of null', { taskId: '1764130001234567', customId: null }, /customId/],
    ])('%s', async (_what, body, description) => {
      const answer = await client.action(body);
      expect(answer).toMatchObject({ status: 200, code: 4, result: null, properties: {} });
      expect(answer.description).toMatch(description);
    });

    test('a parent that has not succeeded', async () => {
      const { trigger_id: parent } = (await client.post('/imagine', { prompt: 'a fox' })).json;
      const answer = await client.action({ taskId: parent, customId: `MJ::JOB::upsample::1::${job}` });
      expect([answer.code, answer.result]).toEqual([4, null]);
      expect(await client.tokensUsed()).toBe(1);
    });

    test.each([
      'MJ::JOB::upsample::5::x',
      'MJ::JOB::pan_up::1::x::SOLO',
      'MJ::Something::1',
      'U1',
      'MJ::CancelJob::ByJobid::x',
    ])('a button that the parent has not: %s', async (customId) => {
      const answer = await client.action({ taskId: await client.finished('single'), customId });
      expect([answer.status, answer.code, answer.result]).toEqual([200, 4, null]);
      // Clients that find this word here open a window.
      expect(answer.description).not.toContain('confirm');
      expect(await client.tokensUsed()).toBe(1);
    });
  });

  test('answers 3 for a parent that is unknown, or another user’s', async () => {
    const theirs = await (await openPresser(api, `other-${users}`)).finished('grid');
    for (const parent of ['1764130001234567', 'x', theirs]) {
      const answer = await client.action({ taskId: parent, customId: `MJ::JOB::upsample::1::${job}` });
      expect(answer).toMatchObject({ status: 200, code: 3, result: null, properties: {} });
    }
  });

  test('answers 1 with the parent’s id for the favourite, which draws nothing', async () => {
    const parent = await client.finished('single');
    const answer = await client.action({ taskId: parent, customId: 'MJ::BOOKMARK::x' });
    expect([answer.code, answer.result]).toEqual([1, parent]);
    expect(await client.tokensUsed()).toBe(1);
  });

  test('answers 1 with the ids of all described prompts, joined by commas', async () => {
    const parent = await client.finished('described');
    const answer = await client.action({
      taskId: parent,
      customId: 'MJ::Job::PicReader::all',
      state: 'mine',
    });
    const ids = answer.result?.split(',') ?? [];
    expect([answer.code, ids.length]).toEqual([1, 4]);
    const drawn = await Promise.all(ids.map((id) => client.fetch(id)));
    expect(drawn.map(({ prompt, action, state }) => [prompt, action, state])).toEqual(
      describedTexts.map((text) => [text, 'IMAGINE', 'mine']),
    );
    expect(await client.tokensUsed()).toBe(5);
  });

  test('says which of all described prompts were not submitted', async () => {
    const poor = await openPresser(api, `poor-${users}`, 3);
    const parent = await poor.finished('described');
    const answer = await poor.action({ taskId: parent, customId: 'MJ::Job::PicReader::all' });
    expect([answer.code, answer.result?.split(',').length]).toEqual([1, 2]);
    expect(answer.description).toMatch(/2 of 4.*token/);
  });
});

describe('a U button that was pressed before', () => {
  const customId = `MJ::JOB::upsample::2::${job}`;

  test('is answered with its task, which costs nothing more', async () => {
    const taskIdOfGrid = await client.finished('grid');
    const first = await client.action({ taskId: taskIdOfGrid, customId });
    const again = await client.action({ taskId: taskIdOfGrid, customId: 'MJ::JOB::upsample::2::built' });
    expect([again.code, again.result]).toEqual([1, first.result]);
    const other = await client.action({ taskId: taskIdOfGrid, customId: `MJ::JOB::upsample::3::${job}` });
    expect(other.result).not.toBe(first.result);
    expect(await client.tokensUsed()).toBe(3);
  });

  test('by /v1 is the same', async () => {
    const parent = await client.finished('grid');
    const { trigger_id } = (await client.post('/upscale', { trigger_id: parent, index: 2 })).json;
    expect((await client.action({ taskId: parent, customId })).result).toBe(trigger_id);
  });

  test('is pressed again when that failed', async () => {
    const parent = await client.finished('grid');
    const first = await client.action({ taskId: parent, customId });
    await api.happen(first.result ?? '', { type: 'failed', code: 'rejected', reason: 'no' });
    expect((await client.action({ taskId: parent, customId })).result).not.toBe(first.result);
  });

  test('is pressed again for a hook that would never be notified', async () => {
    const hook = { notifyHook: 'https://hooks.example/mj' };
    const parent = await client.finished('grid');
    const first = await client.action({ taskId: parent, customId });
    const hooked = await client.action({ taskId: parent, customId, ...hook });
    expect(hooked.result).not.toBe(first.result);
    // The same hook hears of it while it is open.
    expect((await client.action({ taskId: parent, customId, ...hook })).result).toBe(hooked.result);
  });
});

describe('notifyHook', () => {
  const body = async () => ({
    taskId: await client.finished('grid'),
    customId: `MJ::JOB::upsample::1::${job}`,
  });

  test('is kept with the dialect in which it is notified', async () => {
    const answer = await client.action({ ...(await body()), notifyHook: 'https://hooks.example/mj' });
    expect(await client.stored(answer.result)).toMatchObject({
      notifyHook: 'https://hooks.example/mj',
      notify: 'all',
      hookDialect: 'mj',
    });
  });

  test.each([
    ['http://coai:8094/mj/notify', /ALLOW_PRIVATE_HOOKS/],
    ['https://127.0.0.1/mj/notify', /ALLOW_PRIVATE_HOOKS/],
    ['coai', /URL/],
  ])('%s, which this service will not call, is refused, and nothing is charged', async (notifyHook, why) => {
    for (const press of [
      await body(),
      { taskId: await client.finished('described'), customId: 'MJ::Job::PicReader::1' },
    ]) {
      const before = await client.tokensUsed();
      const answer = await client.action({ ...press, notifyHook });
      expect(answer).toMatchObject({ status: 200, code: 4, result: null });
      expect(answer.description).toMatch(why);
      expect(await client.tokensUsed()).toBe(before);
    }
  });
});
