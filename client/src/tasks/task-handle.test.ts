import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { finishedGrid, gridHash, sent } from '../../../api/src/testing/open-test-api.ts';
import { type PictureServer, startPictureServer } from '../../../api/src/testing/picture-server.ts';
import type { MidjourneyClient } from '../create-client.ts';
import { openService, type Service } from '../testing/open-service.ts';
import { TaskFailed, TaskTimeout } from './task-errors.ts';
import type { TaskHandle } from './task-handle.ts';

const rejected = { type: 'failed', code: 'rejected', reason: 'Invalid prompt' } as const;

let service: Service;
let cdn: PictureServer;
let mj: MidjourneyClient;
let task: TaskHandle;
beforeAll(async () => {
  service = await openService();
  cdn = await startPictureServer((_request, response) => void response.end('a picture'));
});
afterAll(async () => {
  await cdn.close();
  await service.close();
});
beforeEach(async () => {
  mj = await service.client();
  service.line.always(() => undefined);
  task = await mj.imagine({ prompt: 'a lighthouse' });
});

/** Its grid, as Midjourney finishes it. */
async function finish(id: string): Promise<void> {
  await service.api.happen(id, ...sent(), finishedGrid());
}

describe('a handle', () => {
  test('has the id at once, and the task once it was read', async () => {
    expect([task.id, task.status, task.progress, task.task]).toEqual([
      expect.stringMatching(/^\d{10,19}$/),
      'queued',
      0,
      undefined,
    ]);
    await finish(task.id);
    expect((await task.refresh()).task).toMatchObject({ trigger_id: task.id, prompt: 'a lighthouse' });
    expect([task.status, task.progress]).toEqual(['succeeded', 100]);
  });

  test('waits for a change when it is read with wait', async () => {
    const { requests } = service.line;
    const before = requests.length;
    const changed = task.refresh({ wait: 20 });
    await expect.poll(() => requests.length).toBe(before + 1);
    await service.api.happen(task.id, rejected);
    expect((await changed).status).toBe('failed');
  });

  test('is done when its task has succeeded', async () => {
    const done = task.done({ timeoutMs: 20_000 });
    await finish(task.id);
    expect(await done).toBe(task);
    expect((await done).task.buttons).toHaveLength(9);
  });

  test('is done without another request where the end is known', async () => {
    await finish(task.id);
    await task.done();
    service.line.always(() => 'dropped');
    expect((await task.done()).task.status).toBe('succeeded');
  });

  test('throws TaskFailed with code and reason when its task has failed', async () => {
    await service.api.happen(task.id, rejected);
    const error = await task.done().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(TaskFailed);
    expect(error).toMatchObject({
      code: 'rejected',
      reason: 'Invalid prompt',
      message: 'Invalid prompt',
      task: { trigger_id: task.id, token: 'refunded' },
    });
  });

  test('throws TaskTimeout when its task takes longer, which continues', async () => {
    const error = await task.done({ timeoutMs: 100 }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(TaskTimeout);
    expect(error.message).toBe(
      `Task ${task.id} is still queued after 100 ms. It continues: wait for it again, or cancel it.`,
    );
    await finish(task.id);
    expect((await task.done()).status).toBe('succeeded');
  });

  test('throws the reason when it is aborted', async () => {
    const signal = AbortSignal.abort(new Error('The shop has closed.'));
    await expect(task.done({ signal, timeoutMs: 20_000 })).rejects.toThrow('The shop has closed.');
  });
});

describe('a press', () => {
  beforeEach(() => finish(task.id));

  test.each<[how: string, button: Parameters<TaskHandle['press']>[0], shown: object]>([
    ['its label', 'U2', { trigger_type: 'action', button: 'upscale' }],
    ['its custom_id', `MJ::JOB::upsample::3::${gridHash}`, { trigger_type: 'action', button: 'upscale' }],
    [
      'its kind',
      { kind: 'upscale', index: 2, state: 'mine' },
      { trigger_type: 'upscale', index: 2, state: 'mine' },
    ],
  ])('names the button by %s, and is a new task', async (_how, button, shown) => {
    const pressed = await task.press(button);
    expect((await pressed.refresh()).task).toMatchObject({ parent_trigger_id: task.id, ...shown });
  });

  test('of a button that is not there says which are', async () => {
    const error = await task.press('Upscale (Subtle)').catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'action_unavailable', status: 409 });
    expect(error.available).toContainEqual(expect.objectContaining({ label: 'U1' }));
  });

  test('takes the fields of its route, and a key of its own', async () => {
    const pressed = await task.press('V1', { state: 'order 7' }, { idempotencyKey: `press ${task.id}` });
    const again = await task.press('V1', { state: 'order 7' }, { idempotencyKey: `press ${task.id}` });
    expect(again.id).toBe(pressed.id);
    expect((await pressed.refresh()).task.state).toBe('order 7');
  });
});

describe('a picture', () => {
  const finishWith = async (id: string, imageUrl: string | null) => {
    const finished = finishedGrid();
    if (finished.type !== 'succeeded') throw new Error('It is no end.');
    await service.api.happen(id, ...sent(), { ...finished, result: { ...finished.result, imageUrl } });
  };

  test('is fetched by a link that was read just before', async () => {
    await finishWith(task.id, cdn.link('grid.png'));
    expect(await (await task.picture()).text()).toBe('a picture');
  });

  test('is saved as a file', async () => {
    await finishWith(task.id, cdn.link('grid.png'));
    const folder = await mkdtemp(path.join(tmpdir(), 'client-'));
    await task.download(path.join(folder, 'lighthouse.png'));
    expect(await readFile(path.join(folder, 'lighthouse.png'), 'utf8')).toBe('a picture');
    await rm(folder, { recursive: true });
  });

  test('that is not there yet is an error which says so', async () => {
    await expect(task.picture()).rejects.toThrow(`Task ${task.id} has no picture: it is queued.`);
  });

  test('that its server does not have is a ProblemError', async () => {
    await finishWith(task.id, cdn.link('grid.png'));
    cdn.answer = (_request, response) => void response.writeHead(404).end('gone');
    await expect(task.picture()).rejects.toMatchObject({ status: 404, code: 'unexpected_answer' });
  });
});

describe('a task of yours', () => {
  test('is cancelled, and given up', async () => {
    expect(await task.cancel()).toMatchObject({ status: 'failed', cancelled: true });
    expect(await (await mj.imagine({ prompt: 'a cat' })).release()).toMatchObject({ released: true });
    await expect(task.done()).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('is claimed when its picture came late, and has succeeded then', async () => {
    await service.api.happen(task.id, ...sent(), rejected, finishedGrid());
    await expect(task.done()).rejects.toThrow(TaskFailed);
    expect((await task.claim()).task).toMatchObject({ status: 'succeeded', token: 'spent' });
    expect((await task.done()).status).toBe('succeeded');
  });

  test('has relatives', async () => {
    await finish(task.id);
    const pressed = await task.press('V3');
    const { children } = await task.relatives();
    expect(children.map((child) => child.trigger_id)).toEqual([pressed.id]);
  });

  test('without a seed that anybody could ask for says so', async () => {
    await finish(task.id);
    await expect(task.seed()).rejects.toMatchObject({ code: 'action_unavailable' });
  });

  test('that found prompts has all of them drawn', async () => {
    const described = await mj.describe({ link: cdn.link('cat.png') });
    const finished = finishedGrid();
    if (finished.type !== 'succeeded') throw new Error('It is no end.');
    const buttons = [1, 2, 3, 4].map((n) => ({ label: String(n), custom_id: `MJ::Job::PicReader::${n}` }));
    const texts = ['one', 'two', 'three', 'four'];
    const result = { ...finished.result, messageHash: null, buttons, texts };
    await service.api.happen(described.id, ...sent(), { ...finished, result });
    const { tasks, refused } = await described.imagineAll({ state: 'all' });
    expect(refused).toBeUndefined();
    expect(tasks).toHaveLength(4);
    expect((await tasks[3]?.refresh())?.task).toMatchObject({
      parent_trigger_id: described.id,
      state: 'all',
    });
  });
});
