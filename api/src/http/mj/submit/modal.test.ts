import { findMask } from '@midjourney-api/shared/tasks/task-masks';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTestApi, type TestApi, taskId } from '../../../testing/open-test-api.ts';
import {
  accepted,
  describedTexts,
  listenAs,
  maskOf,
  openPresser,
  type Presser,
  region,
  zoom,
} from './presses.fixture.ts';

let api: TestApi;
let client: Presser;
let users = 0;
let mask: string;
beforeAll(async () => {
  api = await openTestApi();
  mask = await maskOf('white', 'black');
});
afterAll(() => api.close());
beforeEach(async () => {
  client = await openPresser(api, `user-${++users}`);
  await listenAs(api, 'user');
});

describe('/mj/submit/modal', () => {
  test('submits the task under the same id, for one token', async () => {
    const { id } = await client.openWindow('single', zoom, {
      state: 'window’s',
      notifyHook: 'https://hooks.example/a',
    });
    const answer = await client.modal({ taskId: id, prompt: 'a hare --zoom 1.5' });
    expect([accepted.includes(answer.code), answer.result]).toEqual([true, id]);
    expect(await client.fetch(id)).toMatchObject({
      id,
      status: 'NOT_START',
      action: 'ZOOM',
      prompt: 'a hare --zoom 1.5',
      state: 'window’s',
      properties: { notifyHook: 'https://hooks.example/a' },
    });
    expect(await client.tokensUsed()).toBe(2);
    expect(await client.stored(id)).toMatchObject({ hookDialect: 'mj', account: 'default' });
    expect(await client.list('/mj/task/list-by-condition', { ids: [id] })).toHaveLength(1);
  });

  test('takes the id as a number, and a state and hook of its own', async () => {
    const { id } = await client.openWindow('single', zoom, { state: 'old' });
    const body = { taskId: Number(id), state: 'new', notifyHook: 'https://hooks.example/b' };
    expect((await client.modal(body)).result).toBe(id);
    expect(await client.fetch(id)).toMatchObject({
      state: 'new',
      properties: { notifyHook: 'https://hooks.example/b' },
    });
  });

  test('called twice answers 4, also at once, and charges one token', async () => {
    const { id } = await client.openWindow('single', zoom);
    const answers = await Promise.all(Array.from({ length: 8 }, () => client.modal({ taskId: id })));
    const codes = answers.map(({ code }) => code);
    expect(codes.filter((code) => accepted.includes(code))).toHaveLength(1);
    expect(codes.filter((code) => code === 4)).toHaveLength(7);
    expect(await client.modal({ taskId: id })).toMatchObject({ status: 200, code: 4, result: null });
    expect(await client.tokensUsed()).toBe(2);
  });

  test.each([
    ['without taskId', {}, 4],
    ['with an empty taskId', { taskId: '' }, 4],
    ['of an unknown task', { taskId: '1764130001234567' }, 3],
    ['of what is no id', { taskId: 'x' }, 3],
  ])('%s is refused', async (_what, body, code) => {
    expect(await client.modal(body)).toMatchObject({ status: 200, code, result: null, properties: {} });
  });

  test('of a task that is not in status MODAL is refused with 4, of another user’s window with 3', async () => {
    expect((await client.modal({ taskId: await client.finished('grid') })).code).toBe(4);
    const { id } = await client.openWindow('single', zoom);
    const other = await openPresser(api, `another-${users}`);
    expect((await other.modal({ taskId: id })).code).toBe(3);
  });

  test.each([
    ['nothing', undefined, undefined],
    ['an empty prompt', '', undefined],
    ['the prompt that the window proposed', 'a fox --zoom 2', undefined],
    ['a prompt with a zoom', 'a hare --zoom 1.4 --ar 3:2', 'a hare --zoom 1.4 --ar 3:2'],
    ['a prompt without one', 'a hare --ar 3:2', 'a hare --ar 3:2 --zoom 2'],
  ])('of a custom zoom, with %s', async (_what, prompt, written) => {
    const { id } = await client.openWindow('single', zoom);
    expect((await client.modal({ taskId: id, prompt })).result).toBe(id);
    const action = (await client.stored(id))?.action;
    expect(action && 'prompt' in action ? action.prompt : undefined).toBe(written);
  });

  test('of a region takes a mask, and the picture’s prompt where it has none', async () => {
    const { id } = await client.openWindow('single', region);
    expect((await client.modal({ taskId: id, prompt: '', maskBase64: mask })).result).toBe(id);
    expect((await client.stored(id))?.action).toMatchObject({ customId: region, prompt: 'a fox' });
    const stored = await findMask(api.deps.db, taskId(id));
    expect(await sharp(stored).metadata()).toMatchObject({ width: 1024, height: 1024 });
    expect((await client.fetch(id)).action).toBe('VARIATION');
  });

  test.each([
    ['without a mask', undefined],
    ['with a mask of nothing', maskOf('black')],
    ['with what is no picture', 'data:image/png;base64,AAAA'],
    ['with a link in its place', 'https://example.com/mask.png'],
  ])('of a region %s is refused, and the window stays open', async (_what, maskBase64) => {
    const { id } = await client.openWindow('single', region);
    const answer = await client.modal({ taskId: id, prompt: 'a hare', maskBase64: await maskBase64 });
    expect(answer).toMatchObject({ status: 200, code: 4, result: null });
    expect(await client.tokensUsed()).toBe(1);
    expect((await client.modal({ taskId: id, prompt: 'a hare', maskBase64: mask })).result).toBe(id);
  });

  test.each(['user', 'bot'] as const)(
    'of a described or shortened prompt draws it, or another, with an account that listens as %s',
    async (session) => {
      await listenAs(api, session);
      for (const [of, customId] of [
        ['described', 'MJ::Job::PicReader::2'],
        ['shortened', 'MJ::Job::PromptAnalyzer::2'],
      ] as const) {
        const plain = await client.openWindow(of, customId);
        expect((await client.modal({ taskId: plain.id, prompt: describedTexts[1] })).result).toBe(plain.id);
        const other = await client.openWindow(of, customId);
        expect((await client.modal({ taskId: other.id, prompt: 'a hare' })).result).toBe(other.id);
        expect((await client.fetch(plain.id)).prompt).toBe(describedTexts[1]);
        expect(await client.fetch(other.id)).toMatchObject({ action: 'IMAGINE', prompt: 'a hare' });
      }
    },
  );

  test('with a hook that this service will not call is refused with 4, and the window stays open', async () => {
    const { id } = await client.openWindow('single', zoom);
    const refused = await client.modal({ taskId: id, notifyHook: 'http://coai:8094/mj/notify' });
    expect(refused.code).toBe(4);
    expect(refused.description).toContain('ALLOW_PRIVATE_HOOKS');
    expect((await client.modal({ taskId: id })).result).toBe(id);
  });

  test('without a token left is refused, and the window stays open', async () => {
    client = await openPresser(api, `poor-${users}`, 1);
    const { id } = await client.openWindow('single', zoom);
    expect(await client.modal({ taskId: id })).toMatchObject({ code: 4, result: null });
    expect((await client.fetch(id)).status).toBe('MODAL');
  });
});
