import { accounts } from '@midjourney-api/shared/database/schema';
import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HookReceiver, openHookReceiver } from '../hook-receiver.ts';
import type { Client } from './client.ts';
import { download, sha256 } from './pictures.ts';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';

/** What only an account that listens as its own user can do: fill in forms, and see what Midjourney writes to it alone. */

let system: System;
let client: Client;
let midjourney: SimulatorControl;
let receiver: HookReceiver;
let grid: TaskView;
let single: TaskView;

beforeAll(async () => {
  system = await startSystem({
    env: {
      DISCORD_SESSION: 'user',
      DISCORD_BOT_TOKEN: '',
      START_DEADLINE_MS: '600000',
      ALLOW_PRIVATE_HOOKS: '1',
    },
  });
  receiver = await openHookReceiver();
  client = await system.newUser(1_000);
  midjourney = new SimulatorControl(system.simulator.controlUrl);
  grid = await client.run('/imagine', { prompt: 'a lighthouse in a storm --v 7' });
  single = await client.run('/upscale', { trigger_id: grid.trigger_id, index: 2 });
});
afterAll(async () => {
  await system.stop();
  await receiver.close();
});

async function expectItsOwnPicture(task: TaskView) {
  const job = (await midjourney.jobs()).find(({ id }) => id === task.msg_hash);
  expect(sha256(await download(task))).toBe(job?.imageSha256);
  return job;
}

async function remixMode(remix: boolean) {
  await midjourney.account(system.simulator.accounts[0]?.userId ?? '', 'settings', { remix });
}

describe('a button that opens a form', () => {
  it('custom zoom, several with prompts of their own at once', async () => {
    const prompts = [1, 2, 3].map((at) => `a framed picture on wall ${at} --zoom 1.5`);
    const tasks = await Promise.all(
      prompts.map((prompt) =>
        client.run('/action', { trigger_id: single.trigger_id, label: 'Custom Zoom', prompt }),
      ),
    );
    for (const [at, task] of tasks.entries()) {
      expect(task).toMatchObject({ trigger_type: 'action', prompt: prompts[at], token: 'spent' });
      const job = await expectItsOwnPicture(task);
      expect(job).toMatchObject({
        kind: 'zoom',
        detail: 'custom',
        prompt: prompts[at],
        parentMessageId: single.msg_id,
      });
    }
  });

  it('custom zoom while the session is lost: waits for the next one, which is sent the form', async () => {
    await midjourney.dropGateway({ resumable: false, downMs: 1_500 });
    const prompt = 'a picture framed later --zoom 1.5';
    const press = { trigger_id: single.trigger_id, label: 'Custom Zoom', prompt };
    expect((await expectItsOwnPicture(await client.run('/action', press)))?.prompt).toBe(prompt);
    expect(await midjourney.jobs('framed later')).toHaveLength(1);
  });

  it('custom zoom without a prompt: as Midjourney proposes it', async () => {
    const task = await client.run('/action', { trigger_id: single.trigger_id, label: 'Custom Zoom' });
    expect((await expectItsOwnPicture(task))?.prompt).toMatch(/a lighthouse in a storm.* --zoom 2$/);
  });

  it('remix: draws the new prompt, and without one what the button draws', async () => {
    await remixMode(true);
    const customId = grid.buttons.find(({ action }) => action === 'variation')?.custom_id;
    const remixed = await client.run('/action', {
      trigger_id: grid.trigger_id,
      custom_id: customId,
      prompt: 'a lighthouse in the sun',
    });
    expect(await expectItsOwnPicture(remixed)).toMatchObject({
      kind: 'variation',
      index: 1,
      prompt: 'a lighthouse in the sun',
    });
    const plain = await client.run('/variation', { trigger_id: grid.trigger_id, index: 3 });
    const job = await expectItsOwnPicture(plain);
    expect(job).toMatchObject({ kind: 'variation', index: 3 });
    expect(job?.prompt).toContain('a lighthouse in a storm');
    await remixMode(false);
  });

  it('a number of a description: its text, or another', async () => {
    const form = new FormData();
    const picture = await (await fetch(single.image_url ?? '')).blob();
    form.append('file', picture, 'lighthouse.png');
    const { body } = await client.request<{ upload_filename: string }>('POST', '/upload', form);
    const described = await client.run('/describe', { upload_filename: body.upload_filename });
    const press = { trigger_id: described.trigger_id, custom_id: 'MJ::Job::PicReader::2' };
    const [plain, other] = await Promise.all([
      client.run('/action', press),
      client.run('/action', { ...press, prompt: 'a lighthouse on a plate' }),
    ]);
    expect(plain.prompt).toBe(described.texts?.[1]);
    expect((await expectItsOwnPicture(plain))?.prompt).toBe(described.texts?.[1]);
    expect((await expectItsOwnPicture(other))?.prompt).toBe('a lighthouse on a plate');
    const all = { ...press, custom_id: 'MJ::Job::PicReader::all' };
    expect((await client.request('POST', '/action', all)).status).toBe(409);
  });

  it('remix: pan, reroll and animate draw what their buttons draw', async () => {
    await remixMode(true);
    const press = (label: RegExp, task: TaskView) =>
      client.run('/action', {
        trigger_id: task.trigger_id,
        custom_id: task.buttons.find(({ custom_id }) => label.test(custom_id))?.custom_id,
      });
    const drawn = await Promise.all([
      press(/pan_left/, single),
      press(/reroll/, grid),
      press(/animate_low/, single),
    ]);
    await remixMode(false);
    const kinds = await Promise.all(drawn.map(async (task) => (await expectItsOwnPicture(task))?.kind));
    expect(kinds).toEqual(['pan', 'reroll', 'animate']);
  });

  it('remix while nothing is known of remix mode: asked first, and refused before anything is pressed', async () => {
    await system.db.update(accounts).set({ remix: null });
    const before = (await midjourney.jobs()).length;
    const id = await client.submit('/action', {
      trigger_id: single.trigger_id,
      label: 'Vary (Subtle)',
      prompt: 'something else',
    });
    const task = await client.ended(id);
    expect(task).toMatchObject({ status: 'failed', fail_code: 'rejected', token: 'refunded' });
    expect(task.fail_reason).toMatch(/remix mode.+is off/);
    expect(await midjourney.jobs()).toHaveLength(before);
  });

  it('remix while remix mode was switched off by hand: cancelled, and says why', async () => {
    await system.db.update(accounts).set({ remix: true });
    await midjourney.fault({ kind: 'slow', drawMs: 60_000, match: { kind: 'solo_variation' }, times: 1 });
    const id = await client.submit('/action', {
      trigger_id: single.trigger_id,
      label: 'Vary (Strong)',
      prompt: 'something else',
    });
    const task = await client.ended(id);
    expect(task).toMatchObject({ status: 'failed', fail_code: 'rejected', token: 'refunded' });
    expect(task.fail_reason).toMatch(/remix mode/);
    const drawn = (await midjourney.jobs()).filter(({ kind }) => kind === 'solo_variation');
    expect(drawn.map(({ state }) => state)).toEqual(['cancelled']);
  });

  it('a form that Midjourney refuses: fails with its reason', async () => {
    const id = await client.submit('/action', {
      trigger_id: single.trigger_id,
      label: 'Custom Zoom',
      prompt: 'a cat --zoom 9',
    });
    expect(await client.ended(id)).toMatchObject({ fail_code: 'invalid_parameter', token: 'refunded' });
  });

  it('a prompt for a button that asks for none is refused', async () => {
    const answer = await client.request('POST', '/action', {
      trigger_id: single.trigger_id,
      label: 'Upscale (Subtle)',
      prompt: 'a cat',
    });
    expect(answer.status).toBe(400);
  });

  it('is named among what is possible', async () => {
    const { body } = await client.request<{ available: { label: string }[] }>('POST', '/action', {
      trigger_id: single.trigger_id,
      label: 'nothing like this',
    });
    expect(body.available.map(({ label }) => label)).toContain('Custom Zoom');
  });
});

describe('a window of the mj-proxy protocol', () => {
  const mj = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${system.apiUrl}/mj${path}`, {
      method,
      headers: { 'mj-api-secret': client.appKey, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return answer.json() as Promise<Record<string, unknown> & { buttons: { customId: string }[] }>;
  };

  it.each([
    ['custom zoom', /CustomZoom/, 'zoom', 'a lighthouse on a stamp --zoom 1.5'],
    ['a region', /Inpaint/, 'solo_variation', 'a lighthouse on a stamp --v 7'],
  ])(
    '%s: draws under its id what was written into it, and posts the task to its hook',
    async (_what, button, kind, prompt) => {
      const notifyHook = `${receiver.url}/${kind}`;
      const { buttons } = await mj('GET', `/task/${single.trigger_id}/fetch`);
      const customId = buttons.find((one) => button.test(one.customId))?.customId;
      const opened = await mj('POST', '/submit/action', { taskId: single.trigger_id, customId, notifyHook });
      expect(opened).toMatchObject({
        code: 21,
        properties: { finalPrompt: expect.stringContaining('a lighthouse in a storm') },
      });
      const id = String(opened.result);
      expect((await mj('GET', `/task/${id}/fetch`)).status).toBe('MODAL');

      const { width = 0, height = 0 } = single;
      const mask = sharp({ create: { width, height, channels: 3, background: 'black' } }).composite([
        {
          input: { create: { width: width / 2, height, channels: 3, background: 'white' } },
          left: 0,
          top: 0,
        },
      ]);
      const maskBase64 = `data:image/png;base64,${(await mask.png().toBuffer()).toString('base64')}`;
      const modal = await mj('POST', '/submit/modal', { taskId: id, prompt, maskBase64 });
      expect(modal.result).toBe(id);

      const notified = () =>
        receiver.notices.filter(({ path }) => path.endsWith(kind)).map(({ text }) => JSON.parse(text));
      await receiver.until(() => notified().at(-1)?.status === 'SUCCESS');
      expect(await mj('GET', `/task/${id}/fetch`)).toEqual(notified().at(-1));
      const [first, ...later] = notified().map(({ status }) => status);
      expect(first).toBe('SUBMITTED');
      for (const status of later.slice(0, -1)) expect(status).toBe('IN_PROGRESS');
      expect(await expectItsOwnPicture(await client.task(id))).toMatchObject({ kind, prompt });
      expect((await mj('POST', '/submit/modal', { taskId: id })).code).toBe(4);
    },
  );
});

describe('/accounts/{name}/settings', () => {
  interface Settings {
    code?: string;
    settings: object;
    applied: string[];
    refused: { setting: string; reason: string }[];
  }
  const path = '/accounts/default/settings';

  it('are changed one by one, read back, and noted', async () => {
    const operator = await system.newUser(0, 'operator');
    const before = await operator.request<object>('GET', path);
    expect([before.status, before.body]).toMatchObject([200, { remix: false, speed: 'fast' }]);
    const wanted = {
      model: 'niji 7',
      remix: true,
      speed: 'relax',
      variability: 'low',
      stealth: true,
      raw: true,
      video_resolution: 720,
    };
    const { status, body } = await operator.request<Settings>('PATCH', path, wanted);
    expect([status, body.refused, body.applied.length]).toEqual([200, [], 7]);
    expect(body.settings).toEqual({ ...wanted, model: expect.stringMatching(/niji.*7/i) });
    expect((await operator.request<object>('GET', path)).body).toEqual(body.settings);
    const { body: audit } = await operator.request<{ data: object[] }>('GET', '/audit?limit=1');
    expect(audit.data[0]).toMatchObject({ action: 'accounts.settings', target: 'default', detail: wanted });

    const back = { ...before.body, model: 'default' };
    const restored = await operator.request<Settings>('PATCH', path, back);
    expect(restored.body).toMatchObject({ refused: [], settings: before.body });
  });

  it('refuse what the menu does not offer, and change the rest', async () => {
    const operator = await system.newUser(0, 'operator');
    const { body } = await operator.request<Settings>('PATCH', path, { raw: true, model: '99' });
    expect(body.applied).toEqual(['raw']);
    expect(body.refused).toMatchObject([{ setting: 'model', reason: expect.stringContaining('99') }]);
    await operator.request('PATCH', path, { raw: false });
  });

  it('say whether a button takes a prompt: known to be off it is refused before it draws, on it draws', async () => {
    const operator = await system.newUser(0, 'operator');
    const customId = grid.buttons.find(({ action }) => action === 'variation')?.custom_id;
    const prompt = 'a lighthouse in the morning';
    const press = { trigger_id: grid.trigger_id, custom_id: customId, prompt };
    await operator.request('PATCH', path, { remix: false });
    const before = await client.tokenUse();
    const refused = await client.request<{ code: string; detail: string }>('POST', '/action', press);
    expect([refused.status, refused.body.code]).toEqual([409, 'action_unavailable']);
    expect(refused.body.detail).toMatch(/switch remix on/);
    expect(await client.tokenUse()).toBe(before);
    await operator.request('PATCH', path, { remix: true });
    expect((await expectItsOwnPicture(await client.run('/action', press)))?.prompt).toBe(prompt);
    await operator.request('PATCH', path, { remix: false });
  });

  it('are for operators, and nothing is changed by nothing', async () => {
    expect((await client.request<Settings>('GET', path)).status).toBe(403);
    const operator = await system.newUser(0, 'operator');
    for (const body of [{}, { remix: 'yes' }, { unknown: 1 }])
      expect((await operator.request<Settings>('PATCH', path, body)).status).toBe(400);
    const unknown = await operator.request<Settings>('GET', '/accounts/nobody/settings');
    expect([unknown.status, unknown.body.code]).toEqual([404, 'not_found']);
  });
});

describe('/account/info', () => {
  interface Info {
    code?: string;
    account: string;
    mode: string;
    fast_hours_left: number;
    queued: object;
    running: number;
  }

  it('shows an operator what Midjourney says about the account', async () => {
    const operator = await system.newUser(0, 'operator');
    const answers = await Promise.all(
      ['', '?account=default'].map((query) => operator.request<Info>('GET', `/account/info${query}`)),
    );
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(body).toMatchObject({ account: 'default', mode: 'Fast', running: 0 });
      expect(body.queued).toEqual({ fast: 0, relax: 0 });
      expect(body.fast_hours_left).toBeGreaterThan(10);
    }
    const unknown = await operator.request<Info>('GET', '/account/info?account=nobody');
    expect([unknown.status, unknown.body.code]).toEqual([404, 'not_found']);
  });

  it('is for operators', async () => {
    const { status, body } = await client.request<Info>('GET', '/account/info');
    expect([status, body.code]).toEqual([403, 'forbidden']);
  });

  it('says when Midjourney does not answer', async () => {
    const operator = await system.newUser(0, 'operator');
    await midjourney.fault({ kind: 'miss', match: { event: 'MESSAGE_CREATE' }, times: 1 });
    const { status, body } = await operator.request<Info>('GET', '/account/info');
    expect([status, body.code]).toEqual([503, 'unavailable']);
  });
});
