import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  finishedGrid,
  openTestApi,
  sent,
  type TestApi,
  type TestClient,
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
async function withTexts(group: 'PicReader' | 'PromptAnalyzer', bot = 'midjourney'): Promise<string> {
  const { trigger_id } = (await client.post('/shorten', { prompt: 'a very long prompt', bot })).json;
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
