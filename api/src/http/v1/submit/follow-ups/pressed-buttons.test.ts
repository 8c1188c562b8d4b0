import { tasks, users } from '@midjourney-api/shared/database/schema';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  finishedGrid,
  openTestApi,
  sent,
  type TestApi,
  type TestClient,
  taskId,
} from '../../../../testing/open-test-api.ts';

const texts = ['a cat on a mat --ar 1:1', 'a tabby --ar 1:1', 'one more cat', 'the last cat'];
let api: TestApi;
let client: TestClient;
let messages = 1_279_000_000_000_000_500n;
beforeAll(async () => {
  api = await openTestApi();
  client = await api.client('someone');
});
afterAll(() => api.close());

/** A task that has succeeded with these texts, and buttons that draw them. */
async function withTexts(
  group: 'PicReader' | 'PromptAnalyzer',
  bot = 'midjourney',
  from = client,
): Promise<string> {
  const { trigger_id } = (await from.post('/shorten', { prompt: 'a very long prompt', bot })).json;
  const buttons = texts.map((_, at) => ({ label: `${at + 1}️⃣`, custom_id: `MJ::Job::${group}::${at + 1}` }));
  const grid = finishedGrid(String(messages++));
  if (grid.type !== 'succeeded') throw new Error('it did not succeed');
  await api.happen(trigger_id, ...sent(), { ...grid, result: { ...grid.result, texts, buttons } });
  return trigger_id;
}

const press = async (body: object) => {
  const answer = await client.post('/action', body);
  expect(answer.json.detail).toBeUndefined();
  return (await client.get(`/task/${answer.json.trigger_id}`)).json;
};
const list = async (query: string) =>
  (await client.get(`/tasks?${query}`)).json.data.map(({ trigger_id }) => trigger_id);

test.each(['PicReader', 'PromptAnalyzer'] as const)(
  'a number under the prompts of a %s is shown with the prompt that it draws',
  async (group) => {
    const id = await withTexts(group);
    const third = await press({ trigger_id: id, custom_id: `MJ::Job::${group}::3` });
    expect(third).toMatchObject({ prompt: 'one more cat', parent_trigger_id: id, bot: 'midjourney' });
  },
);

test('a task shows its bot and, pressed by /action, the kind of its button; both can be filtered by', async () => {
  const niji = await withTexts('PromptAnalyzer', 'niji');
  const number = await press({ trigger_id: niji, label: '1️⃣' });
  expect(number).toMatchObject({ bot: 'niji', button: 'prompt_analyzer', trigger_type: 'action' });
  const { trigger_id: grid } = (await client.post('/imagine', { prompt: 'a cat' })).json;
  await api.happen(grid, ...sent(), finishedGrid(String(messages++)));
  const picked = await press({ trigger_id: grid, label: 'U1' });
  expect(picked).toMatchObject({ bot: 'midjourney', button: 'upscale' });
  expect((await client.get(`/task/${grid}`)).json).not.toHaveProperty('button');

  expect(await list('bot=niji')).toEqual([number.trigger_id, niji]);
  expect(await list('bot=midjourney&button=upscale')).toEqual([picked.trigger_id]);
  expect(await list('bot=niji&trigger_type=shorten')).toEqual([niji]);
  const other = await api.client('other');
  expect((await other.get('/tasks?button=upscale')).json.data).toEqual([]);
});

describe('/imagine_all', () => {
  const drawn = async (from: TestClient, ids: unknown) =>
    Promise.all((ids as string[]).map(async (id) => (await from.get(`/task/${id}`)).json));

  test.each(['PicReader', 'PromptAnalyzer'] as const)(
    'draws each prompt of a %s as a task',
    async (group) => {
      const user = await api.client(`all-${group}`);
      const id = await withTexts(group, 'midjourney', user);
      const { status, json } = await user.post('/imagine_all', { trigger_id: id, state: 'mine' });
      expect([status, json.parent_trigger_id, json.refused]).toEqual([200, id, undefined]);
      const found = await drawn(user, json.trigger_ids);
      expect(found.map(({ prompt }) => prompt)).toEqual(texts);
      for (const task of found)
        expect(task).toMatchObject({ parent_trigger_id: id, token: 'reserved', state: 'mine' });
      expect((await user.get('/me')).json.token_use).toBe(5);
    },
  );

  test('draws those that the tokens suffice for, and the rest when repeated with its key', async () => {
    const user = await api.client('poor', 3);
    const id = await withTexts('PicReader', 'midjourney', user);
    const body = { trigger_id: id };
    const key = { 'Idempotency-Key': 'all of it' };
    const first = (await user.post('/imagine_all', body, key)).json;
    expect(first).toMatchObject({ trigger_ids: { length: 2 }, refused: { code: 'insufficient_tokens' } });
    await api.deps.db.update(users).set({ tokenTotal: 9 }).where(eq(users.userName, 'poor'));
    const second = (await user.post('/imagine_all', body, key)).json;
    expect(second).toMatchObject({ trigger_ids: { length: 4 } });
    expect((second.trigger_ids as string[]).slice(0, 2)).toEqual(first.trigger_ids);
    expect((await user.post('/imagine_all', body, key)).json.trigger_ids).toEqual(second.trigger_ids);
    expect((await user.get('/me')).json.token_use).toBe(5);
  });

  test('is refused where there are no prompts, or none of the own', async () => {
    const { trigger_id } = (await client.post('/imagine', { prompt: 'a cat' })).json;
    await api.happen(trigger_id, ...sent(), finishedGrid(String(messages++)));
    expect((await client.post('/imagine_all', { trigger_id })).json.code).toBe('action_unavailable');
    const other = await api.client('another');
    const theirs = await withTexts('PicReader');
    expect((await other.post('/imagine_all', { trigger_id: theirs })).status).toBe(404);
  });
});

test('a link to describe is tied to no account, an upload is; one of the two is needed', async () => {
  const link = 'https://example.com/a%20cat.png';
  const { trigger_id } = (await client.post('/describe', { link, speed: 'relax' })).json;
  const [task] = await api.deps.db
    .select()
    .from(tasks)
    .where(eq(tasks.id, taskId(trigger_id)));
  expect(task).toMatchObject({
    triggerType: 'describe',
    account: null,
    speed: 'relax',
    action: { kind: 'describe', link },
  });
  for (const body of [{}, { link, upload_filename: 'x' }, { link: 'ftp://example.com/cat.png' }])
    expect((await client.post('/describe', body)).status).toBe(400);
});
