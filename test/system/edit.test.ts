import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { download, sha256 } from './pictures.ts';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';

let system: System;
let client: Client;
beforeAll(async () => {
  system = await startSystem();
  client = await system.newUser(100);
});
afterAll(() => system.stop());

const boat = 'https://example.com/boat.png';

async function upload(bytes: Buffer): Promise<string> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(bytes)]), 'picture.webp');
  return (await client.request<{ upload_filename: string }>('POST', '/upload', form)).body.upload_filename;
}

it('pictures are edited, links and uploads, each task its own', async () => {
  const hat = await client.run('/imagine', { prompt: 'a hat' });
  const uploaded = await upload(await download(hat));
  const edited = await Promise.all(
    ['in winter', 'in summer'].map((prompt) =>
      client.run('/edit', { prompt: `${prompt} --raw`, images: [boat, uploaded], params: { ar: '3:2' } }),
    ),
  );
  const jobs = await new SimulatorControl(system.simulator.controlUrl).jobs();
  for (const [at, task] of edited.entries()) {
    const prompt = at === 0 ? 'in winter' : 'in summer';
    expect(task).toMatchObject({ trigger_type: 'edit', prompt: `${prompt} --raw`, token: 'spent' });
    expect(task.sent_prompt).toMatch(
      new RegExp(`^${prompt} --raw --ar 3:2 --edit https://example\\.com/boat\\.png http\\S+$`),
    );
    expect(task.warnings).toBeUndefined();
    expect((task.width ?? 0) / (task.height ?? 1)).toBeCloseTo(1.5, 1);
    const job = jobs.find(({ id }) => id === task.msg_hash);
    expect(job?.prompt).toContain(prompt);
    expect(sha256(await download(task))).toBe(job?.imageSha256);
  }
});

it.each([
  ['by a model that cannot', { prompt: 'in winter --v 7', images: [boat] }, /--edit/],
  ['without a picture', { prompt: 'in winter', images: [] }, /1 to 4/],
  ['with five', { prompt: 'in winter', images: Array(5).fill(boat) }, /1 to 4/],
  ['of what is no web address', { prompt: 'in winter', images: ['ftp://example.com/a.png'] }, /http/],
  ['without a prompt', { images: [boat] }, /prompt/],
])('nothing is edited %s, nor charged', async (_how, body, why) => {
  const before = await client.tokenUse();
  const refused = await client.request<{ code: string; detail: string }>('POST', '/edit', body);
  expect([refused.status, refused.body.code]).toEqual([400, 'invalid_request']);
  expect(refused.body.detail).toMatch(why);
  expect(await client.tokenUse()).toBe(before);
});

it('an upload of somebody else is not there', async () => {
  const other = await system.newUser();
  const uploaded = await upload(await download(await client.run('/imagine', { prompt: 'a scarf' })));
  const refused = await other.request('POST', '/edit', { prompt: 'in winter', images: [uploaded] });
  expect(refused.status).toBe(404);
});
