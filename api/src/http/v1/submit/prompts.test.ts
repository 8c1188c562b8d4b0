import { createServer, type Server } from 'node:http';
import { accounts } from '@midjourney-api/shared/database/schema';
import { isSigned, signatureHeaders } from '@midjourney-api/shared/results/signature';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { closeServer, listen } from '../../../../../test/listen.ts';
import { createApp } from '../../../app.ts';
import {
  gridHash,
  openTestApi,
  readAnswer,
  sent,
  type TestApi,
  type TestClient,
  webhookSecret,
} from '../../../testing/open-test-api.ts';
import { apiPrefix } from '../../app-env.ts';

const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const link = 'https://pictures.example/cat.png';

let api: TestApi;
let client: TestClient;
beforeAll(async () => {
  api = await openTestApi();
  client = await api.client('someone', 1_000);
});
afterAll(() => api.close());

/** The same service with other settings, for the same customer. */
function withSettings(settings: Partial<TestApi['deps']['config']>) {
  const app = createApp({ ...api.deps, config: { ...api.deps.config, ...settings } });
  return async (path: string, body: object, headers: Record<string, string> = {}) =>
    readAnswer(
      await app.request(apiPrefix + path, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${client.appKey}`,
          'Content-Type': 'application/json',
          ...headers,
        },
        body: JSON.stringify(body),
      }),
    );
}

async function tokenUse() {
  return (await client.get('/me')).json.token_use;
}

async function taskOf({ json }: { json: { trigger_id: string } }) {
  return (await client.get(`/task/${json.trigger_id}`)).json;
}

describe('POST /prompts/check', () => {
  test('says what Midjourney would refuse, and charges nothing', async () => {
    const before = await tokenUse();
    const { status, json } = await client.post('/prompts/check', {
      prompt: `a cat --oref ${link} --v 8.1 --stylise 5`,
    });
    expect(status).toBe(200);
    expect(json).toEqual({
      ok: false,
      errors: [
        {
          parameter: 'oref',
          code: 'not_taken',
          message: expect.stringContaining('Model 8.1 does not take --oref: use --edit instead.'),
        },
        {
          parameter: 'stylise',
          code: 'unknown_parameter',
          message: '--stylise is no parameter that is known here. Did you mean --stylize?',
        },
      ],
      warnings: [],
      model: '8.1',
    });
    expect(await tokenUse()).toBe(before);
  });

  test('takes speed, fields, bot and account into account', async () => {
    const check = async (body: object) => (await client.post('/prompts/check', body)).json;
    expect(await check({ prompt: 'a cat' })).toEqual({ ok: true, errors: [], warnings: [], model: '8.2' });
    expect(await check({ prompt: 'a cat', bot: 'niji' })).toMatchObject({ model: 'niji 7' });
    expect(await check({ prompt: 'a cat', speed: 'turbo', params: { v: '8.2' } })).toMatchObject({
      ok: true,
      warnings: [{ parameter: 'turbo', code: 'ignored' }],
      model: '8.2',
    });
    expect(await check({ prompt: 'a cat', account: 'nobody' })).toMatchObject({
      code: 'invalid_request',
      errors: [{ path: 'account' }],
    });
  });

  test('finds banned words and what is too long', async () => {
    const codes = async (prompt: string) => {
      const { errors } = (await client.post('/prompts/check', { prompt })).json;
      return (errors as { code: string }[]).map(({ code }) => code);
    };
    expect(await codes('a gory scene')).toEqual(['banned_prompt']);
    expect(await codes('x'.repeat(5_999))).toEqual(['too_long']);
  });

  test('knows what an account draws with, once it has drawn a prompt that names no model', async () => {
    const check = async () =>
      (await client.post('/prompts/check', { prompt: 'a cat', account: 'default' })).json;
    const { trigger_id } = (await client.post('/imagine', { prompt: 'a cat' })).json;
    await api.happen(trigger_id, ...sent());
    await deliverPicture(trigger_id, { prompt: 'a cat --v 7.0', speed: 'fast' });
    expect(await check()).toMatchObject({ ok: true, model: '7' });
  });
});

describe('a submit', () => {
  const wrong = { prompt: `a cat --oref ${link} --v 8.2` };

  test('of a prompt that Midjourney would refuse is accepted with a warning, which the task keeps', async () => {
    const answer = await client.post('/imagine', wrong);
    const warnings = [expect.objectContaining({ parameter: 'oref', code: 'not_taken' })];
    expect([answer.status, answer.json.warnings]).toEqual([200, warnings]);
    expect((await taskOf(answer)).warnings).toEqual(warnings);
  });

  test('without anything to warn of has no warnings', async () => {
    const answer = await client.post('/imagine', { prompt: 'a cat' });
    expect(answer.json).not.toHaveProperty('warnings');
    expect(await taskOf(answer)).not.toHaveProperty('warnings');
  });

  test('is refused with PROMPT_CHECK=refuse, and nothing is charged', async () => {
    const post = withSettings({ PROMPT_CHECK: 'refuse' });
    const before = await tokenUse();
    const { status, json } = await post('/imagine', wrong);
    expect([status, json.code]).toEqual([400, 'invalid_request']);
    expect(json.detail).toMatch(
      /^Model 8\.2 does not take --oref: use --edit instead\. .* Nothing was charged\.$/,
    );
    expect(json.errors).toEqual([
      { path: 'prompt', parameter: 'oref', code: 'not_taken', message: expect.any(String) },
    ]);
    expect(await tokenUse()).toBe(before);
  });

  test('is not refused on a guess, nor where reports contradict each other', async () => {
    const post = withSettings({ PROMPT_CHECK: 'refuse' });
    const guessed = await post('/imagine', { prompt: `a cat --oref ${link}` });
    expect([guessed.status, guessed.json.warnings]).toMatchObject([200, [{ code: 'not_taken' }]]);
    const uncertain = await post('/imagine', { prompt: 'a cat --tile --v 8.2' });
    expect([uncertain.status, uncertain.json.warnings]).toMatchObject([200, [{ code: 'uncertain' }]]);
  });

  test('is not checked with PROMPT_CHECK=off', async () => {
    const answer = await withSettings({ PROMPT_CHECK: 'off' })('/imagine', wrong);
    expect([answer.status, answer.json.warnings]).toEqual([200, undefined]);
  });

  test('has its parameters as fields, and shows what is sent', async () => {
    const prompt = 'a cat --raw';
    const params = { ar: '3:2', v: 8.1, no: ['dogs', 'cars'], raw: true };
    const task = await taskOf(
      await client.post('/imagine', { prompt, params, speed: 'relax', picurl: link }),
    );
    expect(task.prompt).toBe(prompt);
    expect(task.sent_prompt).toBe(`${link} a cat --raw --ar 3:2 --v 8.1 --no dogs, cars --relax`);
    const { status, json } = await client.post('/imagine', { prompt, params: { raw: false } });
    expect([status, json.errors]).toMatchObject([400, [{ path: 'params.raw' }]]);
    const banned = await client.post('/imagine', { prompt, params: { no: 'gore' } });
    expect(banned.json.code).toBe('banned_prompt');
  });
});

describe('DEFAULT_MODEL', () => {
  test.each([
    ['8.1', {}, 'a cat --v 8.1'],
    ['8.1', { speed: 'fast' }, 'a cat --fast --v 8.1'],
    ['niji 7', { bot: 'niji' }, 'a cat --niji 7'],
    // The bots have models of their own.
    ['8.1', { bot: 'niji' }, undefined],
    ['niji 7', {}, undefined],
    ['8.1', { params: { v: 7 } }, 'a cat --v 7'],
    ['8.1', { params: { niji: 6 } }, 'a cat --niji 6'],
    ['8.1', { prompt: `${link} --video` }, undefined],
  ])('%s with %j', async (model, body, expected) => {
    const post = withSettings({ DEFAULT_MODEL: model });
    const task = await taskOf(await post('/imagine', { prompt: 'a cat', ...body }));
    expect(task.sent_prompt).toBe(expected);
  });

  test('is no guess: what it does not take is refused', async () => {
    const post = withSettings({ DEFAULT_MODEL: '8.2', PROMPT_CHECK: 'refuse' });
    expect((await post('/imagine', { prompt: `a cat --oref ${link}` })).status).toBe(400);
  });

  test('leaves what is shortened alone', async () => {
    const post = withSettings({ DEFAULT_MODEL: '8.2' });
    expect((await taskOf(await post('/shorten', { prompt: 'a cat' }))).sent_prompt).toBeUndefined();
  });
});

async function deliverPicture(id: string, drawn: object | undefined, buttons: object[] = []) {
  const body = JSON.stringify({
    type: 'end',
    id,
    content: '',
    attachments: [{ id: '1', url: 'https://cdn.example/grid.png', filename: `user_a_cat_${gridHash}.png` }],
    trigger_id: id,
    components: [{ type: 1, components: buttons }],
    drawn,
  });
  await api.app.request(`${apiPrefix}/midjourney/result`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...signatureHeaders(webhookSecret, body) },
    body,
  });
}

describe('a form of a button', () => {
  /** A picture drawn with this model, under an account whose user sees forms. */
  async function picture(model: string) {
    const { trigger_id } = (await client.post('/imagine', { prompt: 'a cat' })).json;
    await api.happen(trigger_id, ...sent());
    await deliverPicture(trigger_id, { prompt: `a cat --v ${model}` }, [
      { type: 2, label: 'Custom Zoom', custom_id: `MJ::CustomZoom::${gridHash}` },
    ]);
    return trigger_id;
  }
  const zoom = { label: 'Custom Zoom', prompt: 'a framed cat' };
  const account = (session: 'bot' | 'user') =>
    api.deps.db.update(accounts).set({ session }).where(eq(accounts.name, 'default'));
  beforeAll(() => account('user'));
  afterAll(() => account('bot'));

  test('is checked by the model of its picture, which is no reason to refuse, and pinned to none', async () => {
    const post = withSettings({ DEFAULT_MODEL: '8.2', PROMPT_CHECK: 'refuse' });
    const triggerId = await picture('7.0');
    const params = { zoom: 2, edit: link };
    const answer = await post('/action', { trigger_id: triggerId, ...zoom, params });
    expect(answer.json.warnings).toEqual([
      {
        parameter: 'edit',
        code: 'not_taken',
        message:
          'Model 7 does not take --edit: leave it out. The prompt names no model; it is probably drawn with 7.',
      },
    ]);
    const task = await taskOf(answer);
    expect([task.prompt, task.sent_prompt]).toEqual(['a framed cat', `a framed cat --zoom 2 --edit ${link}`]);
    expect((await post('/action', { trigger_id: triggerId, ...zoom, params: { ar: 'wide' } })).status).toBe(
      400,
    );
  });

  test('takes fields only beside a prompt', async () => {
    const triggerId = await picture('7.0');
    const { status, json } = await client.post('/action', {
      trigger_id: triggerId,
      label: 'Custom Zoom',
      params: { zoom: 2 },
    });
    expect([status, json.detail]).toEqual([400, 'params: needs a prompt beside it.']);
  });
});

describe('what was drawn', () => {
  async function draw(prompt: string, drawn: object | undefined) {
    const key = { 'Idempotency-Key': crypto.randomUUID() };
    const first = await client.post('/imagine', { prompt }, key);
    await api.happen(first.json.trigger_id, ...sent());
    await deliverPicture(first.json.trigger_id, drawn);
    const again = await client.post('/imagine', { prompt }, key);
    expect(again.text).toBe(first.text);
    const { drawn: shown, warnings } = await taskOf(first);
    return { drawn: shown, warnings };
  }

  test('is in the task', async () => {
    const prompt = 'a cat --v 7.0 --fast';
    expect(await draw('a cat', { prompt, speed: 'fast' })).toEqual({
      drawn: { prompt, model: '7', speed: 'fast' },
      warnings: undefined,
    });
    expect(await draw('a cat', undefined)).toEqual({ drawn: undefined, warnings: undefined });
  });

  test('of a picture that came late is shown once it is claimed', async () => {
    const { trigger_id } = (await client.post('/imagine', { prompt: 'a cat --v 8.1' })).json;
    await api.happen(trigger_id, ...sent(), { type: 'failed', code: 'timeout', reason: 'Too late.' });
    await deliverPicture(trigger_id, { prompt: 'a cat --v 7.0', speed: 'fast' });
    expect((await client.get(`/task/${trigger_id}`)).json).not.toHaveProperty('drawn');
    await client.post(`/task/${trigger_id}/claim`, {});
    expect((await client.get(`/task/${trigger_id}`)).json).toMatchObject({
      drawn: { model: '7', speed: 'fast' },
      warnings: [{ code: 'other_model' }],
    });
  });

  test('another model or speed than the prompt asked for is a warning, and counted', async () => {
    const counted = async () =>
      Object.fromEntries(
        (await api.deps.metrics.downgrades.get()).values.map(({ labels, value }) => [labels.kind, value]),
      );
    const before = await counted();
    const { warnings } = await draw(`a cat --oref ${link} --turbo --v 8.1`, {
      prompt: 'a cat --v 7.0',
      speed: 'fast',
    });
    expect((warnings as { code: string }[]).map(({ code }) => code)).toEqual([
      'not_taken',
      'ignored',
      'other_model',
      'other_speed',
    ]);
    const { model = 0, speed = 0 } = before;
    expect(await counted()).toEqual({ model: model + 1, speed: speed + 1 });
    expect(await draw('a cat --v 7', { prompt: 'a cat --v 7.0', speed: 'relax' })).toMatchObject({
      warnings: undefined,
    });
  });
});

describe('PROMPT_HOOK', () => {
  interface Asked {
    body: { prompt: string; user: string; kind: string };
    isSigned: boolean;
  }
  const servers: Server[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map(closeServer));
  });

  /** A service of the operator's. An answer that is undefined never comes. */
  async function hook(answer: (asked: Asked['body']) => { status?: number; body: string } | undefined) {
    const asked: Asked[] = [];
    const server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const headers = new Headers(request.headers as Record<string, string>);
      asked.push({ body: JSON.parse(text), isSigned: isSigned([secret], text, headers) });
      const { status = 200, body } = answer(JSON.parse(text)) ?? {};
      if (body !== undefined) response.writeHead(status).end(body);
    });
    servers.push(server);
    const settings = {
      PROMPT_HOOK: `http://127.0.0.1:${await listen(server)}/prompt`,
      PROMPT_HOOK_SECRET: [secret],
    };
    return { asked, settings };
  }
  const json = (value: object) => ({ body: JSON.stringify(value) });

  test('changes a prompt; the task keeps what the client wrote', async () => {
    const { asked, settings } = await hook(({ prompt }) =>
      json({ prompt: prompt.replace('eine Katze', 'a cat') }),
    );
    const post = withSettings({ ...settings, DEFAULT_MODEL: '8.2' });
    const task = await taskOf(
      await post('/imagine', { prompt: 'eine Katze', params: { ar: '3:2' }, speed: 'fast' }),
    );
    expect([task.prompt, task.sent_prompt]).toEqual(['eine Katze', 'a cat --ar 3:2 --fast --v 8.2']);
    expect(asked).toEqual([
      { body: { prompt: 'eine Katze --ar 3:2', user: 'someone', kind: 'generate' }, isSigned: true },
    ]);
  });

  test('refuses a prompt, in its own words', async () => {
    const { settings } = await hook(() => json({ refuse: 'no brands, please' }));
    const before = await tokenUse();
    const { status, json: problem } = await withSettings(settings)('/imagine', { prompt: 'a can of Cola' });
    expect([status, problem.code, problem.detail]).toEqual([
      400,
      'banned_prompt',
      'The prompt was refused: no brands, please. Nothing was charged.',
    ]);
    expect(await tokenUse()).toBe(before);
  });

  test('gives nothing a way around the list of words, the matrix and the markers', async () => {
    const answers = (prompt: string) => hook(() => json({ prompt }));
    const banned = await answers('gore');
    expect((await withSettings(banned.settings)('/imagine', { prompt: 'a cat' })).json.code).toBe(
      'banned_prompt',
    );
    const wrong = await answers('a cat --foo');
    const refusing = withSettings({ ...wrong.settings, PROMPT_CHECK: 'refuse' });
    expect((await refusing('/imagine', { prompt: 'a cat' })).json.code).toBe('invalid_request');
    const marker = await answers('<#1767323045678400#> a\ncat');
    const task = await taskOf(await withSettings(marker.settings)('/imagine', { prompt: 'a cat' }));
    expect(task.sent_prompt).toBe('< #1767323045678400#> a cat');
  });

  test('is not asked about a banned prompt, nor about a repeated submit', async () => {
    const { asked, settings } = await hook(({ prompt }) => json({ prompt }));
    const post = withSettings(settings);
    await post('/imagine', { prompt: 'gore' });
    expect(asked).toEqual([]);
    const key = { 'Idempotency-Key': 'asked once' };
    const first = await post('/imagine', { prompt: 'a cat' }, key);
    expect((await post('/imagine', { prompt: 'a cat' }, key)).text).toBe(first.text);
    expect(asked).toHaveLength(1);
  });

  test.each([
    ['answers with an error', { status: 500, body: '{"prompt": "x"}' }],
    ['redirects', { status: 302, body: '' }],
    ['answers no JSON', { body: 'fine' }],
    ['answers something else', { body: '{"ok": true}' }],
    ['answers an empty prompt', { body: '{"prompt": ""}' }],
    ['answers too much', { body: JSON.stringify({ prompt: 'x', more: 'x'.repeat(70_000) }) }],
    ['does not answer', undefined],
  ])('that %s: refused, or sent as it is', async (_what, answer) => {
    const { settings } = await hook(() => answer);
    const failing = { ...settings, PROMPT_HOOK_TIMEOUT_MS: 200 };
    const before = await tokenUse();
    const refused = await withSettings(failing)('/imagine', { prompt: 'a cat' });
    expect([refused.status, refused.json.code]).toEqual([503, 'unavailable']);
    expect(await tokenUse()).toBe(before);
    const sentAnyway = await withSettings({ ...failing, PROMPT_HOOK_FAILS: 'accept' })('/imagine', {
      prompt: 'a cat',
    });
    expect([sentAnyway.status, sentAnyway.json.warnings]).toMatchObject([200, [{ code: 'hook_failed' }]]);
  });

  test('that is gone is logged without its address', async () => {
    const { settings } = await hook(() => undefined);
    for (const server of servers.splice(0)) server.close();
    const from = api.logged.length;
    await withSettings(settings)('/imagine', { prompt: 'a cat' });
    const lines = JSON.stringify(api.logged.slice(from));
    expect(lines).toContain('the connection failed (ECONNREFUSED)');
    expect(lines).not.toContain('127.0.0.1');
  });
});
