import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { sha256 } from './pictures.ts';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';

/** The dialect of midjourney-proxy, as its clients use it. */

interface MjTask {
  id: string;
  action: string;
  status: string;
  prompt: string;
  promptEn: string;
  description: string;
  imageUrl: string | null;
  videoUrl: string | null;
  videoUrls: { url: string; thumbnail: string }[] | null;
  progress: string;
  failReason: string | null;
  buttons: { customId: string; emoji: string; label: string }[];
  properties: { finalPrompt: string; finalZhPrompt: string };
}

interface Reply<Result = string> {
  code: number;
  description: string;
  result: Result;
  properties: object;
}

let system: System;
let client: Client;
let simulator: SimulatorControl;

beforeAll(async () => {
  // Midjourney sends a seed to the account's user only.
  system = await startSystem({ env: { DISCORD_SESSION: 'user', DISCORD_BOT_TOKEN: '' } });
  simulator = new SimulatorControl(system.simulator.controlUrl);
  client = await system.newUser(1_000);
});
afterAll(() => system.stop());

async function request<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  const response = await fetch(`${system.apiUrl}/mj${path}`, {
    method,
    headers: { 'mj-api-secret': client.appKey, 'Content-Type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(response.status, `${method} ${path}`).toBe(200);
  return (await response.json()) as T;
}

async function submit<Result = string>(path: string, body: object): Promise<Result> {
  const reply = await request<Reply<Result>>('POST', `/submit/${path}`, body);
  expect(reply, path).toMatchObject({ code: expect.toSatisfy((code) => code === 1 || code === 22) });
  return reply.result;
}

async function succeeded(id: string): Promise<MjTask> {
  await client.ended(id);
  const task = await request<MjTask>('GET', `/task/${id}/fetch`);
  expect(task).toMatchObject({ id, status: 'SUCCESS', progress: '100%', failReason: null });
  return task;
}

const run = async (path: string, body: object) => succeeded(await submit(path, body));

async function download(url: string | null | undefined): Promise<{ type: string | null; bytes: Buffer }> {
  const response = await fetch(url ?? '');
  expect(response.status).toBe(200);
  return {
    type: response.headers.get('Content-Type'),
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}

async function picture(colour: string): Promise<string> {
  const bytes = await sharp({ create: { width: 64, height: 48, channels: 3, background: colour } })
    .png()
    .toBuffer();
  return `data:image/png;base64,${bytes.toString('base64')}`;
}

/** The job whose picture a task shows. */
async function jobOf({ imageUrl }: MjTask) {
  const shown = sha256((await download(imageUrl)).bytes);
  return (await simulator.jobs()).find(({ imageSha256 }) => imageSha256 === shown);
}

it('pictures are blended', async () => {
  const base64Array = await Promise.all(['red', 'blue'].map(picture));
  const task = await run('blend', { base64Array, dimensions: 'LANDSCAPE', botType: 'MID_JOURNEY' });
  expect(task).toMatchObject({ action: 'BLEND', description: `/blend ${task.id} 2` });
  expect(await jobOf(task)).toMatchObject({ kind: 'blend' });
  const { width, height } = await sharp((await download(task.imageUrl)).bytes).metadata();
  expect(width / height).toBeCloseTo(1.5, 1);
  expect(task.buttons.map(({ label }) => label)).toEqual(expect.arrayContaining(['U1', 'V4']));
});

it('a picture is described in four prompts, of which one is drawn', async () => {
  const task = await run('describe', { base64: await picture('green'), state: 'mine' });
  expect(task.action).toBe('DESCRIBE');
  expect(task.prompt).toMatch(/^1️⃣ .+\n\n2️⃣ .+\n\n3️⃣ .+\n\n4️⃣ .+$/);
  expect([task.promptEn, task.properties.finalPrompt]).toEqual([task.prompt, task.prompt]);
  expect((await download(task.imageUrl)).type).toBe('image/png');
  expect(task.buttons[0]).toMatchObject({ customId: 'MJ::Job::PicReader::1', emoji: '1️⃣', label: '' });
});

it('a prompt is shortened, with what is said about its words', async () => {
  const task = await run('shorten', { prompt: 'a very beautiful picture of magnificent lighthouses' });
  expect(task).toMatchObject({ action: 'SHORTEN', imageUrl: null });
  const { finalPrompt, finalZhPrompt } = task.properties;
  expect(finalPrompt).toMatch(/^## Important tokens\n.*\*\*lighthouses\*\*/);
  expect(finalPrompt).toMatch(/\n\n## Shortened prompts\n1️⃣ .+\n\n2️⃣ /);
  expect(finalZhPrompt).toBe('');
  expect(task.buttons[1]?.customId).toBe('MJ::Job::PromptAnalyzer::2');
});

it('videos are made of a picture, and one that was picked is made longer', async () => {
  const sheet = await run('video', { prompt: 'waves', image: await picture('navy'), motion: 'high' });
  expect(sheet).toMatchObject({ action: 'VIDEO', videoUrl: sheet.videoUrls?.[0]?.url });
  expect(sheet.videoUrls).toHaveLength(4);
  const [moving, still] = await Promise.all([
    download(sheet.videoUrls?.[1]?.url),
    download(sheet.videoUrls?.[1]?.thumbnail),
  ]);
  expect((await sharp(moving.bytes, { animated: true }).metadata()).pages).toBeGreaterThan(1);
  expect((await sharp(still.bytes, { animated: true }).metadata()).pages ?? 1).toBe(1);

  const extend = { action: 'extend', taskId: sheet.id, index: 1 };
  const early = await request<Reply>('POST', '/submit/video', extend);
  expect(early).toMatchObject({ code: 4, result: null, description: expect.stringContaining('press U2') });

  const u2 = sheet.buttons.find(({ label }) => label === 'U2')?.customId;
  const picked = await run('action', { taskId: sheet.id, customId: u2 });
  expect(picked.action).toBe('UPSCALE');
  expect(picked.videoUrls).toEqual([{ url: picked.videoUrl, thumbnail: picked.imageUrl }]);
  expect((await download(picked.videoUrl)).type).toBe('video/mp4');
  expect((await download(picked.imageUrl)).type).toMatch(/^image\//);

  const longer = await run('video', extend);
  expect(longer.action).toBe('VIDEO');
  const jobs = await simulator.jobs();
  expect(jobs.at(-1)).toMatchObject({ kind: 'extend', index: 2 });
});

it('a picture is edited', async () => {
  const task = await run('edits', { prompt: 'in winter', image: await picture('white') });
  expect(task).toMatchObject({ action: 'EDIT', description: expect.stringMatching(/^\/edit /) });
  expect(await jobOf(task)).toMatchObject({ prompt: expect.stringContaining('--edit http') });
});

it('uploaded pictures have links, which prompts can begin with', async () => {
  const pictures = await Promise.all(['black', 'white'].map(picture));
  const links = await submit<string[]>('upload-discord-images', { base64Array: pictures });
  expect(links).toHaveLength(2);
  const seen = await Promise.all(links.map(async (link) => sharp((await download(link)).bytes).stats()));
  expect(seen.map(({ channels }) => channels[0]?.mean)).toEqual([0, 255]);
});

it('a drawing has a seed, and is found again by its job', async () => {
  const task = await run('imagine', { prompt: 'a quiet harbour --seed 1234 --v 7' });
  const seed = await request<Reply>('GET', `/task/${task.id}/image-seed`);
  expect(seed).toMatchObject({ code: 1, result: '1234' });
  const jobId = (await jobOf(task))?.id;
  expect(await submit('show', { jobId: `https://cdn.midjourney.com/${jobId}/0_0.png` })).toBe(task.id);
});
