import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTestApi, type TestApi } from '../../../testing/open-test-api.ts';
import {
  accepted,
  describedTexts,
  job,
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

describe('the sequences that clients run', () => {
  test('Dooy, custom zoom and region: modal for whatever result the action had, and polls its result', async () => {
    for (const [customId, more] of [
      [zoom, {}],
      [region, { maskBase64: mask }],
    ] as const) {
      const { result } = await client.action({ taskId: await client.finished('single'), customId });
      const answer = result && (await client.modal({ taskId: result, prompt: 'a hare --zoom 2', ...more }));
      expect((await client.fetch(answer ? answer.result : null)).status).toBe('NOT_START');
    }
  });

  test('Dooy, other buttons: sends the proposed prompt back where the description says confirm', async () => {
    const answer = await client.action({
      taskId: await client.finished('described'),
      customId: 'MJ::Job::PicReader::1',
    });
    expect(answer.description).toContain('confirm');
    const { finalPrompt: prompt } = answer.properties;
    const sent = await client.modal({ taskId: answer.result, prompt });
    expect((await client.fetch(sent.result)).prompt).toBe(describedTexts[0]);
    // Where it does not, the task is drawn already.
    const pressed = await client.action({
      taskId: await client.finished('grid'),
      customId: `MJ::JOB::variation::1::${job}`,
    });
    expect([pressed.description.includes('confirm'), accepted.includes(pressed.code)]).toEqual([false, true]);
  });

  test('Licoy: polls the result, and sends the form, with its mask, when it sees MODAL', async () => {
    for (const body of [
      { customId: region, form: { prompt: 'a hare', maskBase64: mask } },
      { customId: zoom, form: {} },
    ]) {
      const { result } = await client.action({
        taskId: await client.finished('single'),
        customId: body.customId,
      });
      expect((await client.fetch(result)).status).toBe('MODAL');
      await client.modal({ taskId: result, ...body.form });
      expect(await client.fetch(result)).toMatchObject({ id: result, status: 'NOT_START' });
    }
  });

  test('99AI: keeps the result, has its user edit the prompt, and uses the result of modal', async () => {
    const { result } = await client.action({ taskId: await client.finished('single'), customId: region });
    const sent = await client.modal({ maskBase64: mask, taskId: result, prompt: 'a hare' });
    expect(sent.result).toBe(result);
    expect((await client.fetch(sent.result)).prompt).toBe('a hare');
  });

  test('a web interface: 21 opens a form with the proposed prompt, a mask editor for a region', async () => {
    const answer = await client.action({
      taskId: await client.finished('grid'),
      customId: `MJ::JOB::variation::1::${job}`,
      enableRemix: true,
    });
    expect(answer.code).toBe(21);
    const edited = `${answer.properties.finalPrompt} in the snow`;
    await client.modal({ taskId: answer.result, prompt: edited });
    expect((await client.fetch(answer.result)).prompt).toBe('a fox in the snow');
  });

  test('through new-api, which makes 1 of 21: the description still says confirm', async () => {
    const answer = await client.action({
      taskId: await client.finished('shortened'),
      customId: 'MJ::Job::PromptAnalyzer::1',
    });
    const relayed = JSON.parse(answer.text.replace('"code":21', '"code":1'));
    expect([relayed.code, relayed.description.includes('confirm')]).toEqual([1, true]);
    expect((await client.modal({ taskId: relayed.result })).result).toBe(relayed.result);
  });
});
