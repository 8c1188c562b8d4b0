import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import type { Progress } from '@modelcontextprotocol/client';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectMcp, type McpClient, type ToolAnswer } from '../mcp-client.ts';
import type { Client } from './client.ts';
import { distance, download, pixels, sha256 } from './pictures.ts';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';

/** Each tool, with the SDK's own client, against the whole system. */

let system: System;
let user: Client;
let mcp: McpClient;
let grid: TaskView;

beforeAll(async () => {
  system = await startSystem({ drawMs: 400, imageSize: 600 });
  user = await system.newUser(100);
  mcp = await connectMcp(system.apiUrl, { Authorization: `Bearer ${user.appKey}` });
  grid = (await succeeded('imagine', { prompt: 'a lighthouse in a storm --v 7' })).json;
});
afterAll(async () => {
  await mcp.close();
  await system.stop();
});

async function succeeded(name: string, args: Record<string, unknown>): Promise<ToolAnswer> {
  const answer = await mcp.call(name, args);
  if (answer.isError) throw new Error(`${name}: ${answer.sentence}`);
  expect(answer.json).toMatchObject({ status: 'succeeded', token: 'spent' });
  return answer;
}

/** The small picture of an answer shows what its link leads to. */
async function expectPicture({ json, pictures: [picture, ...others] }: ToolAnswer): Promise<void> {
  expect(others).toEqual([]);
  expect(picture?.mimeType).toBe('image/webp');
  const bytes = picture?.bytes ?? Buffer.alloc(0);
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 512 });
  expect(bytes.length).toBeLessThan(150_000);
  expect(distance(await pixels(bytes), await pixels(await download(json)))).toBeLessThan(10);
}

it('imagine draws, with progress, and shows the picture', async () => {
  const seen: Progress[] = [];
  const answer = await mcp.call('imagine', { prompt: 'a paper boat' }, { onprogress: (p) => seen.push(p) });
  expect(answer.json).toMatchObject({
    trigger_type: 'generate',
    prompt: 'a paper boat',
    status: 'succeeded',
  });
  expect(answer.sentence).toBe(`Task ${answer.json.trigger_id} succeeded: ${answer.json.image_url}`);
  expect(seen.some(({ message }) => /: \d+ % drawn$/.test(message ?? ''))).toBe(true);
  await expectPicture(answer);
  const job = (await new SimulatorControl(system.simulator.controlUrl).jobs()).find(
    ({ id }) => id === answer.json.msg_hash,
  );
  expect(sha256(await download(answer.json))).toBe(job?.imageSha256);
});

it('press presses a button, by its label or custom_id', async () => {
  const picked = await succeeded('press', { trigger_id: grid.trigger_id, label: 'U2' });
  expect(picked.json).toMatchObject({ trigger_type: 'action', button: 'upscale', index: 2 });
  expect(picked.json.parent_trigger_id).toBe(grid.trigger_id);
  await expectPicture(picked);
  const vary = grid.buttons.find(({ label }) => label === 'V3');
  const varied = await succeeded('press', { trigger_id: grid.trigger_id, custom_id: vary?.custom_id });
  expect(varied.json.index).toBe(3);
});

it('describe finds four prompts for a picture at a link', async () => {
  const { json } = await succeeded('describe', { image: grid.image_url });
  expect(json.texts).toHaveLength(4);
});

it('blend mixes pictures of tasks, also parts of them', async () => {
  const links = [grid.image_url, `${grid.image_url}?part=3`];
  const blended = await succeeded('blend', { images: links, dimensions: 'landscape' });
  expect((blended.json.width ?? 0) / (blended.json.height ?? 1)).toBeCloseTo(1.5, 1);
  await expectPicture(blended);
});

it('edit changes a picture', async () => {
  const { json } = await succeeded('edit', { prompt: 'in winter', images: ['https://example.com/boat.png'] });
  expect(json.sent_prompt).toContain('--edit https://example.com/boat.png');
});

it('animate makes videos, and shows how they begin', async () => {
  const args = { image: 'https://example.com/boat.png', prompt: 'it sails', motion: 'high' };
  const { json, pictures } = await succeeded('animate', args);
  expect(json).toMatchObject({ trigger_type: 'video', media_type: 'image/webp', duration: 5 });
  const { format, pages = 1 } = await sharp(pictures[0]?.bytes).metadata();
  expect([format, pages]).toEqual(['webp', 1]);

  const { json: single } = await succeeded('press', { trigger_id: grid.trigger_id, label: 'U1' });
  const animated = await succeeded('animate', { trigger_id: single.trigger_id });
  expect(animated.json).toMatchObject({ trigger_type: 'animate', parent_trigger_id: single.trigger_id });
});

it('get_task and list_tasks find it again', async () => {
  const found = await succeeded('get_task', { trigger_id: grid.trigger_id });
  expect(found.json).toEqual(await user.task(grid.trigger_id));
  await expectPicture(found);
  const { json } = await mcp.call('list_tasks', { limit: 50 });
  expect(json.data.map(({ trigger_id }) => trigger_id)).toContain(grid.trigger_id);
});

it('account_state shows operators that the account is ready', async () => {
  const { appKey } = await system.newUser(1, 'operator');
  const operator = await connectMcp(system.apiUrl, { Authorization: `Bearer ${appKey}` });
  const { json } = await operator.call('account_state');
  expect(json.data).toEqual([expect.objectContaining({ name: 'default', state: 'ready' })]);
  await operator.close();
});
