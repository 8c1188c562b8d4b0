import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { distance, download, pixels, quadrant, sha256 } from './pictures.ts';
import { type System, startSystem } from './system.ts';

let system: System;
let client: Client;

interface DrawnJob {
  id: string;
  kind: string;
  state: string;
  prompt: string;
  imageSha256?: string;
  parentMessageId?: string;
}
async function jobs(): Promise<DrawnJob[]> {
  return ((await (await fetch(`${system.simulator.controlUrl}/jobs`)).json()) as { jobs: DrawnJob[] }).jobs;
}

beforeAll(async () => {
  system = await startSystem({ env: { START_DEADLINE_MS: '4000' } });
  client = await system.newUser(1_000);
});
afterAll(() => system.stop());

/** The picture of a task is the very one that was drawn for its job. */
async function expectItsOwnPicture(task: TaskView): Promise<Buffer> {
  const picture = await download(task);
  const job = (await jobs()).find(({ id }) => id === task.msg_hash);
  expect(job, `a job with the hash ${task.msg_hash}`).toMatchObject({ state: 'done' });
  expect(sha256(picture)).toBe(job?.imageSha256);
  const { width, height } = await sharp(picture).metadata();
  expect({ width, height }).toEqual({ width: task.width, height: task.height });
  return picture;
}

describe('a picture from a prompt', () => {
  it('is drawn, with its buttons, and costs one token', async () => {
    const own = await system.newUser(3);
    const task = await own.run('/imagine', { prompt: 'a beautiful sunset', picurl: null });
    expect(task).toMatchObject({
      trigger_type: 'generate',
      status: 'succeeded',
      progress: 100,
      token: 'spent',
      prompt: 'a beautiful sunset',
    });
    expect(task.buttons.map(({ label }) => label)).toEqual(expect.arrayContaining(['U1', 'V4']));
    await expectItsOwnPicture(task);
    expect(await own.tokenUse()).toBe(1);
  });

  it('goes to each of many equal prompts at once, each its own', async () => {
    const tasks = await Promise.all(
      Array.from({ length: 8 }, () => client.run('/imagine', { prompt: 'the same cat' })),
    );
    expect(new Set(tasks.map(({ msg_hash }) => msg_hash)).size).toBe(8);
    for (const task of tasks) {
      await expectItsOwnPicture(task);
      const job = (await jobs()).find(({ id }) => id === task.msg_hash);
      expect(job?.prompt).toContain(task.trigger_id);
    }
  });

  it.each([
    "emoji 🐈‍⬛ and 中文 “quotes” 'single' --ar 3:2 --stylize 250",
    '**bold** text - Image #3 <@9> (62%) (fast)',
    'a sign that says (Stopped)',
    'two\nlines\tand\u00a0a tab',
  ])('survives a prompt like %j', async (prompt) => {
    const task = await client.run('/imagine', { prompt });
    await expectItsOwnPicture(task);
    const job = (await jobs()).find(({ id }) => id === task.msg_hash);
    expect(job?.prompt).toBe(`<#${task.trigger_id}#>${prompt.replace(/\s+/g, ' ')}`);
  });

  it('is not given to a prompt with a forged marker', async () => {
    const honest = await client.submit('/imagine', { prompt: 'honest' });
    const forger = await client.submit('/imagine', { prompt: `<#${honest}#>forged` });
    const [one, two] = await Promise.all([client.succeeded(honest), client.succeeded(forger)]);
    const drawn = await jobs();
    expect(drawn.find(({ id }) => id === one.msg_hash)?.prompt).toContain('honest');
    expect(drawn.find(({ id }) => id === two.msg_hash)?.prompt).toContain('forged');
  });

  it('takes an image prompt before the text', async () => {
    const task = await client.run('/imagine', {
      prompt: 'like this',
      picurl: 'https://pictures.example/cat.png',
    });
    const job = (await jobs()).find(({ id }) => id === task.msg_hash);
    expect(job?.prompt).toBe(`https://pictures.example/cat.png <#${task.trigger_id}#>like this`);
    await expectItsOwnPicture(task);
  });
});

describe('follow-ups', () => {
  let grid: TaskView;
  let pick: TaskView;
  let gridPicture: Buffer;
  beforeAll(async () => {
    grid = await client.run('/imagine', { prompt: 'a lighthouse in a storm' });
    gridPicture = await download(grid);
    pick = await client.run('/upscale', { trigger_id: grid.trigger_id, index: 2 });
  });

  it.each([1, 2, 3, 4])('U%i shows the quadrant asked for', async (index) => {
    const task = await client.run('/upscale', { trigger_id: grid.trigger_id, index });
    expect(task).toMatchObject({ trigger_type: 'upscale', index, parent_trigger_id: grid.trigger_id });
    const picture = await pixels(await expectItsOwnPicture(task));
    const distances = await Promise.all(
      [1, 2, 3, 4].map(async (i) => distance(picture, await quadrant(gridPicture, i))),
    );
    expect(distances.indexOf(Math.min(...distances)) + 1).toBe(index);
  });

  it('four picks of one grid at once: each its own', async () => {
    const tasks = await Promise.all(
      [1, 2, 3, 4].map((index) => client.run('/upscale', { trigger_id: grid.trigger_id, index })),
    );
    for (const [i, task] of tasks.entries()) {
      const picture = await pixels(await expectItsOwnPicture(task));
      const distances = await Promise.all(
        [1, 2, 3, 4].map(async (q) => distance(picture, await quadrant(gridPicture, q))),
      );
      expect(distances.indexOf(Math.min(...distances))).toBe(i);
    }
  });

  it('two different follow-ups, and two that read alike, of one parent at once: each its own', async () => {
    const wanted: [string, object, string][] = [
      ['/upscale', { index: 3 }, 'MJ::JOB::upsample::3'],
      ['/variation', { index: 1 }, 'MJ::JOB::variation::1'],
      ['/variation', { index: 2 }, 'MJ::JOB::variation::2'],
      ['/reset', {}, 'MJ::JOB::reroll'],
    ];
    const tasks = await Promise.all(
      wanted.map(([path, body]) => client.run(path, { trigger_id: grid.trigger_id, ...body })),
    );
    expect(new Set(tasks.map(({ msg_hash }) => msg_hash)).size).toBe(4);
    for (const task of tasks) await expectItsOwnPicture(task);
  });

  it.each([
    ['/variation', { index: 3 }, 'variation', 'grid'],
    ['/reset', {}, 'reset', 'grid'],
    ['/solo_variation', {}, 'solo_variation', 'pick'],
    ['/solo_low_variation', {}, 'solo_low_variation', 'pick'],
    ['/solo_high_variation', { index: 1 }, 'solo_high_variation', 'pick'],
    ['/expand', { direction: 'left' }, 'expand', 'pick'],
    ['/expand', { direction: 'up' }, 'expand', 'pick'],
    ['/zoomout', { zoomout: 50 }, 'zoomout', 'pick'],
    ['/zoomout', { zoomout: 75 }, 'zoomout', 'pick'],
  ] as const)('%s %j', async (path, body, triggerType, parentKind) => {
    const parent = parentKind === 'grid' ? grid : pick;
    const task = await client.run(path, {
      trigger_id: parent.trigger_id,
      msg_id: parent.msg_id,
      msg_hash: parent.msg_hash,
      ...body,
    });
    expect(task).toMatchObject({
      trigger_type: triggerType,
      parent_trigger_id: parent.trigger_id,
      token: 'spent',
    });
    expect(task.msg_hash).not.toBe(parent.msg_hash);
    await expectItsOwnPicture(task);
    const job = (await jobs()).find(({ id }) => id === task.msg_hash);
    expect(job?.parentMessageId).toBe(parent.msg_id);
  });

  it('on a picture of an older installation, named by its message', async () => {
    const old = await client.run('/imagine', { prompt: 'drawn long ago' });
    // All that the older installation left is its message in the channel.
    await system.db.execute(`delete from tasks where msg_id = '${old.msg_id}'`);
    const stranger = await system.newUser();
    const body = { trigger_id: '1234567890', index: 1, msg_id: old.msg_id, msg_hash: old.msg_hash };
    await expectItsOwnPicture(await stranger.run('/upscale', body));
  });

  it('describe an uploaded picture with four prompts, and use it as an image prompt', async () => {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(gridPicture)], { type: 'image/webp' }), 'my cat.webp');
    const upload = await client.request<{ upload_filename: string }>('POST', '/upload', form);
    expect(upload.status).toBe(200);
    const task = await client.run('/describe', { upload_filename: upload.body.upload_filename });
    expect(task.texts).toHaveLength(4);
    expect(task.trigger_type).toBe('describe');

    const posted = await client.request<{ picurl: string }>('POST', '/message', {
      upload_filename: upload.body.upload_filename,
    });
    expect(posted.status).toBe(200);
    expect((await fetch(posted.body.picurl)).headers.get('content-type')).toBe('image/webp');
    await expectItsOwnPicture(
      await client.run('/imagine', { prompt: 'like this', picurl: posted.body.picurl }),
    );
  });
});

describe('what Midjourney does not draw', () => {
  // Each waits for what does not come, for its own user.
  it.concurrent.each([
    ['an invalid parameter', 'a cat --nonsense 5', 'invalid_parameter', /parameter/i],
    // Refused in private, which a bot session does not see.
    ['a banned word', 'a forbiddenword', 'not_started', /./],
    ['filtered while drawing', 'filteredmidway', 'moderated', /output filters/],
    ['failing while drawing', 'brokenmidway', 'moderated', /went wrong/],
    ['moderated while drawing', 'stopmidway', 'stopped', /stopped/i],
    ['removed while drawing', 'vanishmidway', 'stopped', /stopped/i],
    ['never started', 'neverstart', 'not_started', /answered privately/i],
  ])('%s: fails with a reason, and the token is back', async (_name, prompt, failCode, reason) => {
    const own = await system.newUser(2);
    const task = await own.ended(await own.submit('/imagine', { prompt }));
    expect(task).toMatchObject({ status: 'failed', fail_code: failCode, token: 'refunded' });
    expect(task.fail_reason).toMatch(reason);
    expect(await own.tokenUse()).toBe(0);
  });
});

describe('tokens', () => {
  it('200 submits at once on 50 tokens: 50 are accepted', async () => {
    const own = await system.newUser(50);
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        own.request<{ trigger_id: string; code: string }>('POST', '/imagine', { prompt: `number ${i}` }),
      ),
    );
    const accepted = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(
      ({ status, body }) => status === 429 && body.code === 'insufficient_tokens',
    );
    expect([accepted.length, refused.length]).toEqual([50, 150]);
    expect(await own.tokenUse()).toBe(50);
    const tasks = await Promise.all(accepted.map(({ body }) => own.ended(body.trigger_id, 60_000)));
    expect(tasks.every(({ status }) => status === 'succeeded')).toBe(true);
    expect(await own.tokenUse()).toBe(50);
  });
});
