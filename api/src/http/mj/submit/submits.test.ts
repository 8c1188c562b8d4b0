import { accounts } from '@midjourney-api/shared/database/schema';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../../../../../test/eventually.ts';
import { createApp } from '../../../app.ts';
import { type MjClient, mjClient } from '../../../testing/mj-client.ts';
import {
  type Answer,
  finishedGrid,
  openTestApi,
  sent,
  type TestApi,
  type TestClient,
} from '../../../testing/open-test-api.ts';

let api: TestApi;
let client: TestClient;
let mj: MjClient;
beforeAll(async () => {
  api = await openTestApi();
  client = await api.client('someone', 1_000);
  mj = mjClient(api, client.appKey);
});
afterAll(() => api.close());

/** The id of the task, of a submit that was accepted. */
function accepted({ status, json }: Answer): string {
  expect([status, json]).toEqual([
    200,
    {
      code: expect.toBeOneOf([1, 22]),
      description: expect.any(String),
      result: expect.stringMatching(/^\d{16}$/),
      properties: expect.any(Object),
    },
  ]);
  return String(json.result);
}

/** That a submit was refused with this code, with nothing charged, and how it says so. */
function refused({ status, json }: Answer, code: number): string {
  expect([status, json]).toEqual([
    200,
    { code, description: expect.stringMatching(/\S/), result: null, properties: expect.any(Object) },
  ]);
  return String(json.description);
}

const imagine = (body: object, path = '/mj/submit/imagine') => mj.post(path, { prompt: 'a cat', ...body });
const fetchTask = async (id: string) => (await mj.get(`/mj/task/${id}/fetch`)).json;

async function drawnGrid(): Promise<string> {
  const id = accepted(await imagine({}));
  await api.happen(id, ...sent(), finishedGrid());
  return id;
}

describe('imagine', () => {
  test('is a task like every other, under the same id', async () => {
    const id = accepted(await imagine({ prompt: ' a cat  --ar 3:2 ', state: 'room 7' }));
    const { json } = await client.get(`/task/${id}`);
    expect(json).toMatchObject({ trigger_type: 'generate', prompt: 'a cat --ar 3:2', state: 'room 7' });
    expect(await fetchTask(id)).toMatchObject({
      id,
      action: 'IMAGINE',
      status: 'NOT_START',
      progress: '0%',
      prompt: 'a cat --ar 3:2',
      description: '/imagine a cat --ar 3:2',
      state: 'room 7',
      failReason: null,
    });
    const { json: other } = await client.post('/imagine', { prompt: 'a dog' });
    expect(await fetchTask(other.trigger_id)).toMatchObject({ id: other.trigger_id, prompt: 'a dog' });
  });

  test.each([{ prompt: ' ' }, { prompt: '' }, { prompt: null }, { prompt: 5 }])(
    '%j is refused with 4',
    async (body) => {
      expect(refused(await imagine(body), 4)).toMatch(/^prompt/);
    },
  );

  test('a banned word is refused with 24, and named', async () => {
    const answer = await imagine({ prompt: 'a cat and gore' });
    refused(answer, 24);
    expect(answer.json.properties).toEqual({ promptEn: 'a cat and gore', bannedWord: 'gore' });
  });

  test('a banned word is found before a picture is looked at', async () => {
    refused(await imagine({ prompt: 'gore', base64Array: ['€€€'] }), 24);
  });

  test.each([
    [['€€€'], /base64Array/],
    [['data:image/png,x'], /base64Array/],
    [[5], /base64Array/],
  ])('what is no picture is refused with 4: %j', async (base64Array, why) => {
    expect(refused(await imagine({ base64Array }), 4)).toMatch(why);
  });

  test('a link among the pictures goes before the prompt, and the task shows it', async () => {
    const id = accepted(await imagine({ base64Array: ['https://example.com/cat.png', ''], base64: null }));
    expect((await fetchTask(id)).prompt).toBe('https://example.com/cat.png a cat');
  });

  test.each([
    [{ accountFilter: { modes: ['RELAX'] } }, 'relax'],
    [{ accountFilter: { modes: ['Turbo', 'FAST'], instanceId: '1', remark: 'x' } }, 'turbo'],
    [{ modes: ['FAST'] }, 'fast'],
    [{ mode: 'Fast' }, 'fast'],
    [{ mode: 'RELAX', accountFilter: { modes: ['TURBO'] } }, 'turbo'],
    [{ mode: 'RELAX', prompt: 'a cat --turbo' }, 'relax'],
    [{ prompt: 'a cat --turbo' }, 'turbo'],
    [{ mode: 'nonsense', accountFilter: 'junk' }, undefined],
    [{}, undefined],
  ])('the speed of %j is %s', async (body, speed) => {
    const id = accepted(await imagine(body));
    expect((await client.get(`/task/${id}`)).json.speed).toBe(speed);
  });

  test.each([
    ['NIJI_JOURNEY', 'niji'],
    ['niji', 'niji'],
    ['MID_JOURNEY', 'midjourney'],
    ['mj', 'midjourney'],
    ['nonsense', 'midjourney'],
    [7, 'midjourney'],
  ])('the botType %s is %s', async (botType, bot) => {
    const id = accepted(await imagine({ botType }));
    expect((await client.get(`/task/${id}`)).json.bot).toBe(bot);
  });

  test.each([
    [{ state: 'x'.repeat(1_025) }, /state/],
    [{ notifyHook: 'not a link' }, /notifyHook/],
  ])('%j is refused with 4', async (body, why) => {
    expect(refused(await imagine(body), 4)).toMatch(why);
  });
});

describe('a change', () => {
  let grid: string;
  beforeAll(async () => {
    grid = await drawnGrid();
  });

  test.each([
    [{ action: 'UPSCALE', index: 2 }, 'upscale', 'UPSCALE', 'U2'],
    [{ action: 'VARIATION', index: 3 }, 'variation', 'VARIATION', 'V3'],
    [{ action: 'REROLL', index: 1 }, 'reset', 'REROLL', 'R'],
    [{ action: 'REROLL', index: 9 }, 'reset', 'REROLL', 'R'],
    [{ action: 'REROLL' }, 'reset', 'REROLL', 'R'],
    [{ action: 'UPSCALE', index: '4' }, 'upscale', 'UPSCALE', 'U4'],
  ])('%j presses the button', async (change, triggerType, action, word) => {
    const id = accepted(await mj.post('/mj/submit/change', { taskId: grid, ...change, state: 's' }));
    expect((await client.get(`/task/${id}`)).json).toMatchObject({
      trigger_type: triggerType,
      parent_trigger_id: grid,
    });
    expect(await fetchTask(id)).toMatchObject({
      action,
      description: `/up ${grid} ${word}`,
      prompt: 'a cat',
      state: 's',
    });
  });

  test('takes the id as a number, too', async () => {
    accepted(await mj.post('/mj/submit/change', { taskId: Number(grid), action: 'UPSCALE', index: 1 }));
  });

  test.each([
    ['U2', 'upscale', 2],
    ['u2', 'upscale', 2],
    ['V3', 'variation', 3],
    ['v31', 'variation', 3],
    ['R', 'reset', undefined],
    ['r', 'reset', undefined],
  ])('in one line, "<id> %s"', async (word, triggerType, index) => {
    const id = accepted(await mj.post('/mj/submit/simple-change', { content: `${grid} ${word}` }));
    const { json } = await client.get(`/task/${id}`);
    expect([json.trigger_type, json.index]).toEqual([triggerType, index]);
  });

  test.each(['', '1', 'U2', '1 U5', '1 X1', '1 U', '1  U2', '1 U2 U3', '1 R2'])(
    'in one line, "%s" is refused with 4',
    async (content) => {
      expect(refused(await mj.post('/mj/submit/simple-change', { content }), 4)).toMatch(/^content/);
    },
  );

  test.each([
    [{ taskId: '' }, /taskId/],
    [{ action: 'ZOOM' }, /action/],
    [{ action: '' }, /action/],
    [{ index: null }, /index/],
    [{ index: 0 }, /index/],
    [{ index: 5 }, /index/],
    [{ index: 1.5 }, /index/],
  ])('with %j it is refused with 4', async (change, why) => {
    const body = { taskId: grid, action: 'UPSCALE', index: 1, ...change };
    expect(refused(await mj.post('/mj/submit/change', body), 4)).toMatch(why);
  });

  test('of an unknown parent, or another user’s, is refused with 3', async () => {
    const other = mjClient(api, (await api.client('other')).appKey);
    const body = { taskId: grid, action: 'UPSCALE', index: 1 };
    refused(await other.post('/mj/submit/change', body), 3);
    refused(await mj.post('/mj/submit/change', { ...body, taskId: '1234567890123456' }), 3);
    refused(await mj.post('/mj/submit/simple-change', { content: 'nonsense U1' }), 3);
  });

  test('of a parent that has not succeeded is refused with 4', async () => {
    const id = accepted(await imagine({}));
    const body = { taskId: id, action: 'UPSCALE', index: 1 };
    expect(refused(await mj.post('/mj/submit/change', body), 4)).toContain('wait until it has succeeded');
  });

  test('that the parent has no button for is refused with 4', async () => {
    const single = accepted(await imagine({}));
    const event = finishedGrid();
    if (event.type !== 'succeeded') throw new Error('It is a grid.');
    await api.happen(single, ...sent(), { ...event, result: { ...event.result, buttons: [] } });
    refused(await mj.post('/mj/submit/change', { taskId: single, action: 'REROLL' }), 4);
  });
});

describe('what a submit answers', () => {
  afterEach(async () => {
    await api.deps.db.update(accounts).set({ enabled: true, state: 'ready' });
  });

  /** An api of its own, on an empty installation, whose account has three slots. */
  async function anotherApi(settings: Record<string, string> = {}, tokens = 100) {
    const other = await openTestApi(settings);
    const { appKey } = await other.client('someone', tokens);
    const ask = mjClient(other, appKey);
    return { other, submit: () => ask.post('/mj/submit/imagine', { prompt: 'a cat' }) };
  }

  test('is 1 as long as there are slots, then 22 with how many are before it', async () => {
    const { other, submit } = await anotherApi();
    const answers: Answer[] = [];
    for (let i = 0; i < 5; i++) answers.push(await submit());
    expect(answers.map(({ json }) => [json.code, json.properties])).toEqual([
      [1, {}],
      [1, {}],
      [1, {}],
      [22, { numberOfQueues: 1 }],
      [22, { numberOfQueues: 2 }],
    ]);
    expect(answers.at(-1)?.json.description).toBe('In queue, 2 tasks ahead');
    await other.close();
  });

  test('is always 1 where MJ_QUEUE_CODE says so', async () => {
    const { other, submit } = await anotherApi({ MJ_QUEUE_CODE: '1' });
    for (let i = 0; i < 4; i++) expect((await submit()).json.code).toBe(1);
    await other.close();
  });

  test('is 23 and no task when the queue is full', async () => {
    const { other, submit } = await anotherApi({ WAITING_LIMIT_PER_USER: '1' });
    accepted(await submit());
    await eventually(async () => refused(await submit(), 23));
    await other.close();
  });

  test('is 4 when no token is left', async () => {
    const { other, submit } = await anotherApi({}, 1);
    accepted(await submit());
    expect(refused(await submit(), 4)).toContain('quota_not_enough');
    await other.close();
  });

  test.each([
    [{ enabled: false }, /disabled/],
    [{ state: 'refused' as const }, /out of service/],
    [{ state: 'locked' as const }, /out of service/],
  ])('is 9 when no account will draw it: %j; or 3 where MJ_NO_ACCOUNT_CODE says so', async (change, why) => {
    await api.deps.db.update(accounts).set(change);
    const { token_use: before } = (await client.get('/me')).json;
    for (const code of [9, 3]) {
      const config = { ...api.deps.config, MJ_NO_ACCOUNT_CODE: code };
      const strict = mjClient({ app: createApp({ ...api.deps, config }) }, client.appKey);
      expect(refused(await strict.post('/mj/submit/imagine', { prompt: 'a cat' }), code)).toMatch(why);
    }
    expect((await client.get('/me')).json.token_use).toBe(before);
  });

  test('is counted by what it means, although its status is always 200', async () => {
    const counts = async () => {
      const { values } = await api.deps.metrics.submits.get();
      return Object.fromEntries(values.map(({ labels, value }) => [labels.outcome, value]));
    };
    const before = await counts();
    accepted(await imagine({}));
    refused(await imagine({ prompt: '' }), 4);
    await mj.post('/mj/submit/upload-discord-images', {});
    expect(await counts()).toEqual({
      ...before,
      accepted: Number(before.accepted) + 1,
      invalid_request: Number(before.invalid_request) + 1,
    });
  });

  test('is a waiting task while the account is being connected', async () => {
    await api.deps.db.update(accounts).set({ state: 'connecting' });
    const again = mjClient({ app: createApp(api.deps) }, client.appKey);
    expect((await again.post('/mj/submit/imagine', { prompt: 'a cat' })).json.code).toBe(22);
  });
});
