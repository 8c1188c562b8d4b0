import { failCodes, type Task } from '@midjourney-api/shared/tasks/task';
import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import { describe, expect, test } from 'vitest';
import { tasksInState, viewResult, viewRow, viewTaskAsOriginal } from './task-view.ts';

const hash = '39d7cf9f-c2f0-4adf-a124-0020fb9f867f';
const finishedAt = new Date('2026-01-02T03:04:05.678Z');
const picks = [1, 2, 3, 4].map((index) => ({
  label: `U${index}`,
  custom_id: `MJ::JOB::upsample::${index}::${hash}`,
}));

const grid = aTask({
  status: 'succeeded',
  messageId: '1279000000000000123',
  messageHash: hash,
  imageUrl: 'https://cdn.discordapp.com/attachments/1/2/grid.png',
  imageFile: '1767322800000123-5f0c.webp',
  mediaType: 'image/webp',
  width: 2048,
  height: 2048,
  buttons: picks,
  finishedAt,
});
const pick: Task = { ...grid, triggerType: 'upscale', index: 2, buttons: [] };
const at = { picturesAt: 'https://mj.example/v1/images', now: finishedAt };
const stored = 'https://mj.example/v1/images/1767322800000123-5f0c.webp';
const parts = [1, 2, 3, 4].map((part) => `${stored}?part=${part}`).join('||');

describe('a task that has ended well', () => {
  test.each([
    ['a grid: four pictures in reading order', grid, at, parts],
    ['a single picture: its one address', pick, at, stored],
    [
      'a grid without a copy: Discord’s link',
      { ...grid, imageFile: null },
      { ...at, picturesAt: undefined },
      grid.imageUrl,
    ],
    ['texts: no picture', aTask({ status: 'succeeded', texts: ['one', 'two'], finishedAt }), at, ''],
  ] as const)('%s', (_what, task, viewpoint, imageUrl) => {
    expect(viewTaskAsOriginal(task, viewpoint)).toMatchObject({ status: 'SUCCESS', imageUrl });
    expect(viewResult(task, viewpoint)).toEqual({
      code: 0,
      data: { task_status: 'FINISH', file_url: imageUrl },
    });
  });

  test('has what a follow-up sends back, the message as a text', () => {
    expect(viewTaskAsOriginal(grid, at)).toEqual({
      status: 'SUCCESS',
      imageUrl: parts,
      buttons: { msg_id: '1279000000000000123', msg_hash: hash },
    });
  });

  test('counts as being drawn for half a minute while the copy of its grid is awaited', () => {
    const uncopied = { ...grid, imageFile: null };
    const later = (ms: number) => ({ ...at, now: new Date(finishedAt.getTime() + ms) });
    expect(viewTaskAsOriginal(uncopied, later(29_999))).toMatchObject({ status: 'SUBMITTED' });
    expect(viewResult(uncopied, later(29_999)).data).toEqual({ task_status: 'RUNNING' });
    expect(viewTaskAsOriginal(uncopied, later(30_000))).toMatchObject({ imageUrl: grid.imageUrl });
    expect(viewTaskAsOriginal({ ...pick, imageFile: null }, at)).toMatchObject({ imageUrl: pick.imageUrl });
  });
});

test.each(['queued', 'submitted', 'running'] as const)(
  'a task that is %s is SUBMITTED, with a message',
  (status) => {
    const task = aTask({ status, progress: 31 });
    expect(viewTaskAsOriginal(task, at)).toEqual({
      status: 'SUBMITTED',
      message: `The task is ${status}, at 31 %.`,
    });
    expect(viewResult(task, at)).toEqual({ code: 0, data: { task_status: 'RUNNING' } });
  },
);

test.each(failCodes)('a task that failed with %s is FAILURE, and says why twice', (failCode) => {
  const task = aTask({ status: 'failed', failCode, failReason: 'Too slow.' });
  expect(viewTaskAsOriginal(task, at)).toEqual({
    status: 'FAILURE',
    message: 'Too slow.',
    failReason: 'Too slow.',
  });
  const { task_status: state } = viewResult(task, at).data;
  const words = { timeout: 'TIMEOUT', not_started: 'TIMEOUT', banned: 'BANNED', moderated: 'BANNED' };
  expect(state).toBe(failCode in words ? words[failCode as keyof typeof words] : 'ERROR');
  expect(tasksInState(state)).toMatchObject({
    statuses: ['failed'],
    failCodes: expect.arrayContaining([failCode]),
  });
});

describe('a row of the list', () => {
  test('has the columns of the older table, and no others', () => {
    expect(viewRow(grid, at)).toEqual({
      id: 1767322800000123,
      task_name: 'generate',
      task_id: '1767322800000123',
      trigger_id: '1767322800000123',
      ref_pic_url: null,
      image_index: null,
      msg_id: '1279000000000000123',
      msg_hash: hash,
      zoom_out: null,
      direction: null,
      task_type: 'generate',
      task_status: 'FINISH',
      result_url: parts,
      attachments: [{ url: stored, content_type: 'image/webp', width: 2048, height: 2048 }],
      prompts: 'a cat',
      created_at: '2026-01-02T03:00:00',
      updated_at: '2026-01-02T03:04:05',
    });
  });

  const press = (customId: string) =>
    aTask({ action: { kind: 'button', messageId: '1', messageFlags: 0, customId } });
  test.each([
    [
      'the picture before the prompt',
      aTask({ action: { kind: 'imagine', prompt: 'https://a.example/b.png a cat' } }),
      { ref_pic_url: 'https://a.example/b.png' },
    ],
    [
      'no picture of the prompt itself',
      aTask({
        prompt: 'https://a.example/b.png a cat',
        action: { kind: 'imagine', prompt: 'https://a.example/b.png a cat' },
      }),
      { ref_pic_url: null },
    ],
    ['which of the four', aTask({ index: 3 }), { image_index: 3 }],
    ['how far a zoom goes', press(`MJ::Outpaint::75::1::${hash}::SOLO`), { zoom_out: 75, direction: null }],
    ['where a pan goes', press(`MJ::JOB::pan_up::1::${hash}::SOLO`), { zoom_out: null, direction: 'up' }],
    [
      'no result while it is drawn',
      aTask({ status: 'running' }),
      { task_status: 'RUNNING', result_url: null, attachments: null },
    ],
    [
      'no attachment of texts',
      aTask({ status: 'succeeded', texts: ['one'] }),
      { task_status: 'FINISH', result_url: '', attachments: [] },
    ],
  ])('says %s', (_what, task, columns) => {
    expect(viewRow(task, at)).toMatchObject(columns);
  });
});

test.each([
  ['RUNNING', { statuses: ['queued', 'submitted', 'running'] }],
  ['FINISH', { statuses: ['succeeded'] }],
  ['BANNED', { statuses: ['failed'], failCodes: ['banned', 'moderated'] }],
  ['latin', { statuses: ['failed'], failCodes: [] }],
])('the list of %s is of these', (state, which) => {
  expect(tasksInState(state)).toEqual(which);
});
