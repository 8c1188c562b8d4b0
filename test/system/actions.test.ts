import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Client } from './client.ts';
import { distance, download, pictureOf, pixels, quadrant, sha256 } from './pictures.ts';
import { type DrawnJob, SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

let system: System;
let client: Client;
let simulator: SimulatorControl;

beforeAll(async () => {
  system = await startSystem({ env: { START_DEADLINE_MS: '10000', ACCOUNT_LEASE_MS: '1600' } });
  simulator = new SimulatorControl(system.simulator.controlUrl);
  client = await system.newUser(1_000);
});
afterAll(() => system.stop());

/** The picture of a task is the very one that was drawn for its job, which is returned. */
async function expectItsOwnPicture(task: TaskView): Promise<DrawnJob> {
  const job = (await simulator.jobs()).find(({ id }) => id === task.msg_hash);
  expect(job, `a job with the hash ${task.msg_hash}`).toMatchObject({ state: 'done' });
  expect(sha256(await download(task))).toBe(job?.imageSha256);
  if (!job) throw new Error('There is no such job.');
  return job;
}

interface Refused {
  code: string;
  detail: string;
  available: { label: string; custom_id: string; action?: string }[];
}
const refuse = (path: string, body: object): Promise<Answer<Refused>> =>
  client.request<Refused>('POST', path, body);

async function upload(color: string): Promise<string> {
  const form = new FormData();
  form.append('file', await pictureOf(color), 'picture.png');
  const answer = await client.request<{ upload_filename: string }>('POST', '/upload', form);
  return answer.body.upload_filename;
}

let grid: TaskView;
let single: TaskView;
beforeAll(async () => {
  // Version 7 has more buttons than what came after it.
  grid = await client.run('/imagine', { prompt: 'a lighthouse in a storm --v 7' });
  single = await client.run('/upscale', { trigger_id: grid.trigger_id, index: 2 });
});

describe('every button', () => {
  it('of a grid, each its own picture, all at once', async () => {
    expect(grid.buttons).toHaveLength(9);
    const tasks = await Promise.all(
      grid.buttons.map(({ custom_id }) => client.run('/action', { trigger_id: grid.trigger_id, custom_id })),
    );
    expect(new Set(tasks.map(({ msg_hash }) => msg_hash)).size).toBe(9);
    for (const [at, task] of tasks.entries()) {
      const job = await expectItsOwnPicture(task);
      const button = grid.buttons[at];
      const [, , kind, index] =
        /^MJ::JOB::((upsample|variation|reroll))::(\d)/.exec(button?.custom_id ?? '') ?? [];
      expect(job.kind).toBe({ upsample: 'pick', variation: 'variation', reroll: 'reroll' }[kind ?? '']);
      expect(job.parentMessageId).toBe(grid.msg_id);
      if (kind !== 'reroll') expect([job.index, task.index]).toEqual([Number(index), Number(index)]);
    }
  });

  it('of a single picture that draws, each its own picture, all at once', async () => {
    const drawing = single.buttons.filter(({ custom_id }) => !/Inpaint|CustomZoom|BOOKMARK/.test(custom_id));
    expect(drawing.length).toBeGreaterThanOrEqual(12);
    const tasks = await Promise.all(
      drawing.map(({ custom_id }) => client.run('/action', { trigger_id: single.trigger_id, custom_id })),
    );
    expect(new Set(tasks.map(({ msg_hash }) => msg_hash)).size).toBe(drawing.length);
    for (const [at, task] of tasks.entries()) {
      const job = await expectItsOwnPicture(task);
      const expected = jobOf(drawing[at]?.custom_id ?? '');
      expect({ kind: job.kind, detail: job.detail }).toEqual(expected);
      expect(task.trigger_type).toBe('action');
    }
  });

  /** What the simulator calls the job of a button. */
  function jobOf(customId: string): { kind: string; detail?: string } {
    const [, name = '', more] = /^MJ::(?:JOB::)?(\w+?)(?:::(50|75))?::1::/.exec(customId) ?? [];
    if (name === 'Outpaint') return { kind: 'zoom', detail: more === '50' ? '2x' : '1.5x' };
    if (name.startsWith('pan_')) return { kind: 'pan', detail: name.slice(4) };
    if (name.startsWith('animate_')) return { kind: 'animate', detail: name.slice(8) };
    if (name === 'low_variation') return { kind: 'solo_variation', detail: 'subtle' };
    if (name === 'high_variation') return { kind: 'solo_variation', detail: 'strong' };
    return { kind: 'upscale', detail: name.split('_').at(-1) ?? '' };
  }

  it('by its label', async () => {
    const task = await client.run('/action', { trigger_id: single.trigger_id, label: 'vary (subtle)' });
    expect((await expectItsOwnPicture(task)).kind).toBe('solo_variation');
  });

  it('a region: refused, as only the account’s user is shown the editor', async () => {
    const before = await client.tokenUse();
    const boxes = [{ x: 0, y: 0, width: 64, height: 64 }];
    const body = { trigger_id: single.trigger_id, prompt: 'a red balloon', boxes };
    const refused = await refuse('/vary_region', body);
    expect([refused.status, refused.body.code]).toEqual([409, 'action_unavailable']);
    expect(refused.body.detail).toMatch(/user session/);
    expect(await client.tokenUse()).toBe(before);
  });

  it.each([
    ['Vary (Region)', /user session/],
    ['Favorite', /favourite/],
    ['Custom Zoom', /user session/],
    ['No such button', /has no button "No such button"/],
  ])('%s draws nothing: refused with what is possible', async (label, why) => {
    const before = await client.tokenUse();
    const { status, body } = await refuse('/action', { trigger_id: single.trigger_id, label });
    expect([status, body.code]).toEqual([409, 'action_unavailable']);
    expect(body.detail).toMatch(why);
    expect(body.detail).toContain('max_upscale');
    expect(body.available.map((button) => button.label)).toContain('Vary (Subtle)');
    expect(body.available.map((button) => button.label)).not.toContain('Vary (Region)');
    expect(await client.tokenUse()).toBe(before);
  });

  it('says which one of the two ways a button is named', async () => {
    const { custom_id, label } = single.buttons[0] ?? {};
    for (const body of [{}, { custom_id, label }]) {
      const answer = await refuse('/action', { trigger_id: single.trigger_id, ...body });
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    }
  });
});

describe('ten follow-ups of one grid at once', () => {
  it('each gets its own', async () => {
    const wanted: [string, object][] = [
      ...[1, 2, 3, 4].map((index): [string, object] => ['/upscale', { index }]),
      ...[1, 2, 3, 4].map((index): [string, object] => ['/variation', { index }]),
      ['/reset', {}],
      ['/upscale', { index: 1 }],
    ];
    const tasks = await Promise.all(
      wanted.map(([path, body]) => client.run(path, { trigger_id: grid.trigger_id, ...body })),
    );
    expect(new Set(tasks.map(({ msg_hash }) => msg_hash)).size).toBe(10);
    const cells = await Promise.all([1, 2, 3, 4].map(async (i) => quadrant(await download(grid), i)));
    for (const task of tasks) {
      const job = await expectItsOwnPicture(task);
      if (task.trigger_type !== 'upscale') continue;
      expect(job.index).toBe(task.index);
      const shown = await pixels(await download(task));
      const distances = cells.map((cell) => distance(shown, cell));
      expect(distances.indexOf(Math.min(...distances)) + 1).toBe(task.index);
    }
  });
});

describe('/max_upscale', () => {
  it.each(['subtle', 'creative'])('%s', async (style) => {
    const task = await client.run('/max_upscale', { trigger_id: single.trigger_id, style });
    expect(task).toMatchObject({ trigger_type: 'max_upscale', media_type: 'image/png', token: 'spent' });
    expect(await expectItsOwnPicture(task)).toMatchObject({ kind: 'upscale', detail: style });
    expect(task.width).toBe(2 * (single.width ?? 0));
  });

  it('takes what a picture of version 5 has', async () => {
    const old = await client.run('/imagine', { prompt: 'an old cat --v 5.2' });
    const pick = await client.run('/upscale', { trigger_id: old.trigger_id, index: 1 });
    const task = await client.run('/max_upscale', { trigger_id: pick.trigger_id, style: 'creative' });
    expect(await expectItsOwnPicture(task)).toMatchObject({ kind: 'upscale', detail: '4x' });
  });

  it('is not there for a picture of version 8: says what is', async () => {
    const drawn = await client.run('/imagine', { prompt: 'a new cat --v 8.2' });
    expect(drawn.media_type).toBe('image/webp');
    const pick = await client.run('/upscale', { trigger_id: drawn.trigger_id, index: 1 });
    const { status, body } = await refuse('/max_upscale', { trigger_id: pick.trigger_id, style: 'subtle' });
    expect([status, body.code]).toEqual([409, 'action_unavailable']);
    expect(body.available.map(({ label }) => label)).toContain('Vary (Subtle)');
    const varied = await client.run('/solo_low_variation', { trigger_id: pick.trigger_id });
    expect(await expectItsOwnPicture(varied)).toMatchObject({ kind: 'solo_variation', detail: 'subtle' });
  });

  it('stays possible for a picture that was drawn before the default model changed', async () => {
    await simulator.switchDefaultModel('7');
    const evening = await client.run('/imagine', { prompt: 'a cat in the evening' });
    await simulator.switchDefaultModel('8.2');
    const morning = await client.run('/imagine', { prompt: 'a cat in the morning' });
    expect([evening.media_type, morning.media_type]).toEqual(['image/png', 'image/webp']);
    const pick = await client.run('/upscale', { trigger_id: evening.trigger_id, index: 1 });
    const task = await client.run('/max_upscale', { trigger_id: pick.trigger_id, style: 'subtle' });
    expect(await expectItsOwnPicture(task)).toMatchObject({ kind: 'upscale', detail: 'subtle' });
  });

  it('of a grid is not possible: says what is', async () => {
    const { status, body } = await refuse('/max_upscale', { trigger_id: grid.trigger_id, style: 'subtle' });
    expect([status, body.code]).toEqual([409, 'action_unavailable']);
    expect(body.detail).toContain('It has: upscale, reset, variation');
    const ids = (buttons: { custom_id: string }[]) => buttons.map(({ custom_id }) => custom_id);
    expect(ids(body.available)).toEqual(ids(grid.buttons));
  });
});

describe('a prompt that the model does not take', () => {
  it.each([
    ['a cat::2 a dog', 'Multi-prompts'],
    ['https://example.com/a.png a cat --video --turbo', 'supported for video jobs'],
  ])('"%s" is refused where a bot can see it', async (prompt, reason) => {
    const task = await client.ended(await client.submit('/imagine', { prompt }));
    expect(task).toMatchObject({ status: 'failed', token: 'refunded' });
    expect(task.fail_reason).toContain(reason);
  });
});

describe('/animate', () => {
  it('both motions of one picture at once, each its own video', async () => {
    const tasks = await Promise.all(
      ['high', 'low'].map((motion) => client.run('/animate', { trigger_id: single.trigger_id, motion })),
    );
    for (const [at, task] of tasks.entries()) {
      expect(task).toMatchObject({ trigger_type: 'animate', media_type: 'image/webp' });
      const job = await expectItsOwnPicture(task);
      expect(job).toMatchObject({ kind: 'animate', detail: ['high', 'low'][at] });
      expect((await sharp(await download(task)).metadata()).pages).toBeGreaterThan(1);
    }
  });
});

describe('/blend', () => {
  it.each([
    ['portrait', 2 / 3],
    ['square', 1],
    ['landscape', 3 / 2],
    [undefined, 1],
  ])('of uploaded pictures, %s', async (dimensions, ratio) => {
    const uploadFilenames = [await upload('red'), await upload('blue')];
    const task = await client.run('/blend', { upload_filenames: uploadFilenames, dimensions });
    expect(task).toMatchObject({ trigger_type: 'blend', token: 'spent' });
    expect((await expectItsOwnPicture(task)).kind).toBe('blend');
    expect((task.width ?? 0) / (task.height ?? 1)).toBeCloseTo(ratio, 1);
    expect(task.buttons.map(({ label }) => label)).toContain('U1');
  });

  it('of pictures sent along, several at once, each its own, and each can be continued', async () => {
    const blended = ['orange', 'green', 'purple'].map(async (color) => {
      const form = new FormData();
      for (const each of [color, 'white', 'black']) form.append('images', await pictureOf(each), 'a.png');
      form.append('dimensions', 'landscape');
      return client.run('/blend', form);
    });
    const drawings = [client.run('/imagine', { prompt: 'meanwhile' })];
    const tasks = await Promise.all([...blended, ...drawings]);
    expect(new Set(tasks.map(({ msg_hash }) => msg_hash)).size).toBe(4);
    for (const task of tasks) await expectItsOwnPicture(task);
    const [first] = tasks;
    const pick = await client.run('/upscale', { trigger_id: first?.trigger_id, index: 3 });
    expect(await expectItsOwnPicture(pick)).toMatchObject({ kind: 'pick', index: 3 });
  });

  it.each([
    ['too few', { upload_filenames: ['a/b.png'] }, 400],
    ['none', {}, 400],
    ['unknown', { upload_filenames: ['a/b.png', 'a/c.png'] }, 404],
  ])('%s: refused', async (_name, body, status) => {
    expect((await refuse('/blend', body)).status).toBe(status);
  });

  it('what is no picture, or only one, is refused', async () => {
    const form = new FormData();
    form.append('images', await pictureOf('red'), 'a.png');
    expect((await refuse('/blend', form)).body).toMatchObject({ code: 'invalid_request' });
    form.append('images', new Blob(['no picture']), 'b.png');
    expect((await refuse('/blend', form)).body).toMatchObject({ code: 'unsupported_image' });
  });
});

describe('/shorten', () => {
  it('several at once: each its own prompts, any of which can be drawn', async () => {
    const words = ['lighthouses', 'mountains', 'waterfalls'];
    const tasks = await Promise.all(
      words.map((word) =>
        client.run('/shorten', { prompt: `a very beautiful picture of magnificent ${word} in the evening` }),
      ),
    );
    for (const [at, task] of tasks.entries()) {
      expect(task).toMatchObject({ trigger_type: 'shorten', token: 'spent' });
      expect(task.texts?.length).toBeGreaterThan(2);
      expect(task.texts?.[0]).toContain(words[at]);
      expect(task.texts?.join()).not.toMatch(/<#|important/i);
      expect(task.analysis).toMatch(/^## Important tokens\n.*\*\*.*\n\n## Shortened prompts\n1️⃣ /);
      expect(task.analysis).toContain(task.texts?.at(-1));
      expect(task.analysis).not.toContain('<#');
    }
    const [first] = tasks;
    const customId = 'MJ::Job::PromptAnalyzer::2';
    const drawn = await client.run('/action', { trigger_id: first?.trigger_id, custom_id: customId });
    expect((await expectItsOwnPicture(drawn)).prompt).toBe(first?.texts?.[1]);
  });

  it('refused by Midjourney: fails with its reason', async () => {
    const task = await client.ended(await client.submit('/shorten', { prompt: 'a cat --nonsense' }));
    expect(task).toMatchObject({ status: 'failed', fail_code: 'invalid_parameter', token: 'refunded' });
    expect(task.fail_reason).toMatch(/parameter/i);
  });
});

describe('the buttons of a description', () => {
  it('draw its prompts, and describe it again', async () => {
    const described = await client.run('/describe', { upload_filename: await upload('teal') });
    const press = (customId: string) =>
      client.run('/action', { trigger_id: described.trigger_id, custom_id: customId });
    const [again, ...drawn] = await Promise.all([
      press('MJ::Picread::Retry'),
      ...[1, 2, 3, 4].map((index) => press(`MJ::Job::PicReader::${index}`)),
    ]);
    expect(again?.texts).toHaveLength(4);
    for (const [at, task] of drawn.entries()) {
      expect((await expectItsOwnPicture(task)).prompt).toContain(described.texts?.[at]);
      expect(task.prompt).toBe(described.texts?.[at]);
    }
  });
});

describe('/describe of a link', () => {
  const linkTo = async (colour: string) => {
    const body = { upload_filename: await upload(colour) };
    return (await client.request<{ picurl: string }>('POST', '/message', body)).body.picurl;
  };

  it('several at once beside an upload: each its own picture, all of whose prompts can be drawn', async () => {
    const [olive, navy] = [await linkTo('olive'), await linkTo('navy')];
    const wanted = [{ link: olive }, { upload_filename: await upload('maroon') }, { link: navy }];
    const described = await Promise.all(wanted.map((body) => client.run('/describe', body)));
    expect(new Set(described.map(({ texts }) => texts?.[0])).size).toBe(3);
    for (const [at, link] of [olive, undefined, navy].entries()) {
      const again = link && (await client.run('/describe', { link }));
      if (again) expect(again.texts?.[0]).toBe(described[at]?.texts?.[0]);
    }
    const { trigger_id } = described[2] ?? {};
    const { body } = await client.request<{ trigger_ids: string[] }>('POST', '/imagine_all', { trigger_id });
    const drawn = await Promise.all(body.trigger_ids.map((id) => client.succeeded(id)));
    for (const [at, task] of drawn.entries()) {
      expect(task).toMatchObject({ prompt: described[2]?.texts?.[at], token: 'spent' });
      await expectItsOwnPicture(task);
    }
    expect(drawn).toHaveLength(4);
  });

  it('that leads to no picture: refused in Midjourney’s words', async () => {
    const link = 'https://cdn.discordapp.com/attachments/1/2/nothing-here.png';
    const task = await client.ended(await client.submit('/describe', { link }));
    expect(task).toMatchObject({ status: 'failed', token: 'refunded' });
    expect(task.fail_reason).toMatch(/link/i);
  });
});

describe('/show', () => {
  it('brings a job back as a task that can be continued', async () => {
    const task = await client.run('/show', { job_id: grid.msg_hash });
    expect(task).toMatchObject({
      trigger_type: 'show',
      msg_hash: grid.msg_hash,
      parent_trigger_id: grid.trigger_id,
      prompt: grid.prompt,
    });
    expect(task.msg_id).not.toBe(grid.msg_id);
    expect(task.buttons).toEqual(grid.buttons);
    await expectItsOwnPicture(task);
    const pick = await client.run('/upscale', { trigger_id: task.trigger_id, index: 4 });
    expect(await expectItsOwnPicture(pick)).toMatchObject({ index: 4, parentMessageId: task.msg_id });
  });

  it("of an older installation's picture, and one of no job at all", async () => {
    const old = await client.run('/imagine', { prompt: 'drawn long ago' });
    await system.db.execute(`delete from tasks where msg_id = '${old.msg_id}'`);
    const own = await system.newUser();
    const shown = await own.run('/show', { job_id: old.msg_hash });
    expect(shown.msg_hash).toBe(old.msg_hash);

    const none = '00000000-0000-4000-8000-000000000000';
    const failed = await own.ended(await own.submit('/show', { job_id: none }));
    expect(failed).toMatchObject({ status: 'failed', fail_code: 'invalid_parameter' });
    expect(failed.fail_reason).toContain(none);
  });

  it("never shows another user's", async () => {
    const stranger = await system.newUser();
    const { status } = await stranger.request('POST', '/show', { job_id: grid.msg_hash });
    expect(status).toBe(404);
  });
});

describe('/cancel', () => {
  const slow = async (prompt: string) => {
    await simulator.fault({ kind: 'slow', drawMs: 60_000, match: { promptContains: prompt } });
    return client.submit('/imagine', { prompt });
  };
  const cancel = async (id: string) =>
    (
      await client.request<{ message: string; status: string; cancelled: boolean }>('POST', '/cancel', {
        trigger_id: id,
      })
    ).body;
  const running = (id: string) =>
    until(`${id} is drawn`, async () => {
      const task = await client.task(id);
      return task.status === 'running' && task;
    });

  it('one that is being drawn: Midjourney stops, the token is back', async () => {
    const id = await slow('a slow snail');
    await running(id);
    expect(await cancel(id)).toMatchObject({ cancelled: false });
    const task = await client.ended(id);
    expect(task).toMatchObject({ status: 'failed', fail_code: 'cancelled', token: 'refunded' });
    const [job] = await simulator.jobs('a slow snail');
    expect(job?.state).toBe('cancelled');
    expect(await cancel(id)).toMatchObject({ status: 'failed', cancelled: true });
  });

  it('ones that wait: removed at once, and never drawn', async () => {
    const slots = await Promise.all([1, 2, 3].map((at) => slow(`slow turtle number ${at}`)));
    await Promise.all(slots.map(running));
    const waiting = await client.submit('/imagine', { prompt: 'a patient turtle' });
    expect(await cancel(waiting)).toMatchObject({ message: 'success', status: 'failed', cancelled: true });
    expect(await client.task(waiting)).toMatchObject({ fail_code: 'cancelled', token: 'refunded' });
    await Promise.all(slots.map(cancel));
    await Promise.all(slots.map((id) => client.ended(id)));
    await client.run('/imagine', { prompt: 'a turtle after that' });
    expect(await simulator.jobs('a patient turtle')).toEqual([]);
  });

  it('a follow-up too', async () => {
    await simulator.fault({ kind: 'slow', drawMs: 60_000, match: { kind: 'pan' }, times: 1 });
    const id = await client.submit('/expand', { trigger_id: single.trigger_id, direction: 'left' });
    await running(id);
    await cancel(id);
    expect(await client.ended(id)).toMatchObject({ fail_code: 'cancelled', token: 'refunded' });
    await client.run('/expand', { trigger_id: single.trigger_id, direction: 'left' });
  });

  it('wanted before the worker died: its successor sends it to Midjourney', async () => {
    const id = await slow('a slow sloth');
    await running(id);
    await system.worker.kill('SIGKILL');
    expect(await cancel(id)).toMatchObject({ status: 'running', cancelled: false });
    system.worker = await system.start('worker');
    expect(await client.ended(id)).toMatchObject({ fail_code: 'cancelled', token: 'refunded' });
  });

  it('a finished one stays as it is, and one of another user is not there', async () => {
    expect(await cancel(grid.trigger_id)).toMatchObject({ status: 'succeeded', cancelled: false });
    const stranger = await system.newUser();
    const answer = await stranger.request('POST', '/cancel', { trigger_id: grid.trigger_id });
    expect(answer.status).toBe(404);
  });
});

describe('/task/{id}/seed', () => {
  it('needs an account that listens as its user', async () => {
    const answer = await client.request<Refused>('GET', `/task/${grid.trigger_id}/seed`);
    expect([answer.status, answer.body.code]).toEqual([409, 'action_unavailable']);
    expect(answer.body.detail).toMatch(/session of its user/);
  });
});

describe('/account/info', () => {
  it('needs an account that listens as its user', async () => {
    const operator = await system.newUser(0, 'operator');
    const { status, body } = await operator.request<Refused>('GET', '/account/info');
    expect([status, body.code]).toEqual([409, 'action_unavailable']);
    expect(body.detail).toMatch(/session of its user/);
  });
});

describe('speed', () => {
  it.each(['fast', 'relax', 'turbo'])('%s is asked of Midjourney, and shown', async (speed) => {
    const task = await client.run('/imagine', { prompt: 'a quick hare --v 7', speed });
    expect(task).toMatchObject({ speed, prompt: 'a quick hare --v 7' });
    expect((await expectItsOwnPicture(task)).prompt).toMatch(new RegExp(`a quick hare --v 7 --${speed}$`));
    const pick = await client.run('/upscale', { trigger_id: task.trigger_id, index: 1, speed });
    expect(pick.speed).toBe(speed);
  });

  it('that contradicts the prompt, or the picture that is continued, is refused', async () => {
    expect((await refuse('/imagine', { prompt: 'a hare --relax', speed: 'fast' })).status).toBe(400);
    const { status, body } = await refuse('/upscale', {
      trigger_id: grid.trigger_id,
      index: 1,
      speed: 'turbo',
    });
    expect([status, body.detail]).toEqual([409, expect.stringMatching(/leave speed out/)]);
  });
});

describe('niji', () => {
  it('draws, and its pictures are continued by itself', async () => {
    const drawn = await client.run('/imagine', { prompt: 'a girl with a cat', bot: 'niji' });
    const job = await expectItsOwnPicture(drawn);
    expect(job.applicationId).toBe('1022952195194359889');
    const pick = await client.run('/upscale', { trigger_id: drawn.trigger_id, index: 1 });
    expect((await expectItsOwnPicture(pick)).applicationId).toBe('1022952195194359889');
    const video = await client.run('/animate', { trigger_id: pick.trigger_id, motion: 'low' });
    expect(video.media_type).toBe('image/webp');
    const shown = await client.run('/show', { job_id: drawn.msg_hash });
    expect(shown.msg_hash).toBe(drawn.msg_hash);
  });

  it('blends, describes and shortens', async () => {
    const uploadFilenames = [await upload('pink'), await upload('gold')];
    const blended = await client.run('/blend', { upload_filenames: uploadFilenames, bot: 'niji' });
    expect((await expectItsOwnPicture(blended)).applicationId).toBe('1022952195194359889');
    const described = await client.run('/describe', { upload_filename: uploadFilenames[0], bot: 'niji' });
    expect(described.texts).toHaveLength(4);
    const shortened = await client.run('/shorten', { prompt: 'a long and winding road', bot: 'niji' });
    expect(shortened.texts?.length).toBeGreaterThan(1);
  });
});
