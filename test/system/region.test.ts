import { createServer, type Server } from 'node:http';
import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../listen.ts';
import type { Client } from './client.ts';
import { download, sha256 } from './pictures.ts';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';

/** Midjourney's editor is opened to the account's user alone. */
const asUser = { DISCORD_SESSION: 'user', DISCORD_BOT_TOKEN: '' };

let system: System;
let client: Client;
let single: TaskView;

async function start(env: Record<string, string>) {
  system = await startSystem({ env: { ...asUser, ...env } });
  client = await system.newUser(100);
  const grid = await client.run('/imagine', { prompt: 'a stone arch --v 7' });
  single = await client.run('/upscale', { trigger_id: grid.trigger_id, index: 1 });
}

async function jobOf(task: TaskView) {
  const jobs = await new SimulatorControl(system.simulator.controlUrl).jobs();
  const job = jobs.find(({ finalMessageId }) => finalMessageId === task.msg_id);
  expect(sha256(await download(task))).toBe(job?.imageSha256);
  return job;
}

/** The share of pixels that differ, in each half. */
async function differences(one: TaskView, other: TaskView): Promise<{ left: number; right: number }> {
  const pixels = async (task: TaskView) =>
    sharp(await download(task))
      .removeAlpha()
      .raw()
      .toBuffer();
  const [a, b] = await Promise.all([pixels(one), pixels(other)]);
  const width = one.width ?? 0;
  const differing = { left: 0, right: 0 };
  for (let at = 0; at < a.length; at += 3) {
    const same = a.subarray(at, at + 3).equals(b.subarray(at, at + 3));
    if (!same) differing[(at / 3) % width < width / 2 ? 'left' : 'right'] += 6 / a.length;
  }
  return differing;
}

const rightHalf = () => {
  const half = (single.width ?? 0) / 2;
  return { x: half, y: 0, width: half, height: single.height ?? 0 };
};

/** White in its right half, and of another size than the picture. */
async function mask(): Promise<Buffer> {
  const white = await sharp({ create: { width: 50, height: 80, channels: 3, background: 'white' } })
    .png()
    .toBuffer();
  return sharp({ create: { width: 100, height: 80, channels: 3, background: 'black' } })
    .composite([{ input: white, left: 50, top: 0 }])
    .png()
    .toBuffer();
}

async function expectOnlyRightHalfDrawn(task: TaskView, prompt: string) {
  expect(task).toMatchObject({ trigger_type: 'vary_region', prompt, parent_trigger_id: single.trigger_id });
  expect(await jobOf(task)).toMatchObject({ prompt, parentMessageId: single.msg_id });
  const pick = await client.run('/upscale', { trigger_id: task.trigger_id, index: 3 });
  const { left, right } = await differences(single, pick);
  expect(left).toBe(0);
  expect(right).toBeGreaterThan(0.5);
}

describe.each(['a', 'b'])('a region, sent in form %s', (form) => {
  beforeAll(() => start({ INPAINT_FORM: form }));
  afterAll(() => system.stop());

  it('by a box, by a mask in base64 and as a file, at once: each its own, and the rest stays', async () => {
    const { trigger_id } = single;
    const file = await mask();
    const fields = new FormData();
    fields.append('trigger_id', trigger_id);
    fields.append('prompt', 'moss on stone --v 7');
    fields.append('mask', new Blob([new Uint8Array(file)], { type: 'image/png' }), 'mask.png');
    const bodies = [
      { trigger_id, prompt: 'vines in stone --v 7', boxes: [rightHalf()] },
      { trigger_id, prompt: 'ivy on stone --v 7', mask: file.toString('base64') },
      fields,
    ];
    const tasks = await Promise.all(bodies.map((body) => client.run('/vary_region', body)));
    await expectOnlyRightHalfDrawn(tasks[0] as TaskView, 'vines in stone --v 7');
    await expectOnlyRightHalfDrawn(tasks[1] as TaskView, 'ivy on stone --v 7');
    await expectOnlyRightHalfDrawn(tasks[2] as TaskView, 'moss on stone --v 7');
  });

  it.each([
    ['without a mask', {}],
    ['with a mask and a box', { mask: 'AAAA', boxes: [{ x: 0, y: 0, width: 9, height: 9 }] }],
    ['with a box beside the picture', { boxes: [{ x: 5_000, y: 0, width: 9, height: 9 }] }],
    ['with everything', { boxes: [{ x: 0, y: 0, width: 5_000, height: 5_000 }] }],
    ['with what is no base64', { mask: '!' }],
  ])('is refused %s, for nothing', async (_what, region) => {
    const before = await client.tokenUse();
    const body = { trigger_id: single.trigger_id, prompt: 'moss', ...region };
    const refused = await client.request('POST', '/vary_region', body);
    expect([refused.status, refused.body]).toMatchObject([400, { code: 'invalid_request' }]);
    expect(await client.tokenUse()).toBe(before);
  });

  it('is not pressed without its mask', async () => {
    const body = { trigger_id: single.trigger_id, label: 'Vary (Region)', prompt: 'moss' };
    const refused = await client.request<{ detail: string }>('POST', '/action', body);
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toContain('/vary_region');
  });
});

describe('while the answer of the editor is lost', () => {
  let host: Server;
  let mode: 'taken' | 'lost' | 'refused' = 'taken';
  let asked = 0;
  beforeAll(async () => {
    host = createServer(async (request, response) => {
      asked++;
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (mode === 'refused') return void response.writeHead(404).end('{}');
      if (mode === 'taken')
        await fetch(`${system.simulator.discordSaysUrl}${request.url}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: Buffer.concat(chunks),
        });
      request.socket.destroy();
    });
    await start({ DISCORDSAYS_URL: `http://127.0.0.1:${await listen(host)}`, START_DEADLINE_MS: '4000' });
  });
  afterAll(async () => {
    host.close();
    await system.stop();
  });

  async function vary(how: typeof mode): Promise<TaskView> {
    mode = how;
    asked = 0;
    const body = { trigger_id: single.trigger_id, prompt: 'vines in stone --v 7', boxes: [rightHalf()] };
    const task = await client.ended(await client.submit('/vary_region', body));
    expect(asked).toBe(1);
    return task;
  }

  it('a region that was taken is drawn, once', async () => {
    await expectOnlyRightHalfDrawn(await vary('taken'), 'vines in stone --v 7');
  });

  it.each([
    ['lost', 'not_started'],
    ['refused', 'rejected'],
  ] as const)('a region that was %s fails, is not sent again, and costs nothing', async (how, code) => {
    const before = await client.tokenUse();
    expect(await vary(how)).toMatchObject({ status: 'failed', fail_code: code, token: 'refunded' });
    expect(await client.tokenUse()).toBe(before);
  });
});
