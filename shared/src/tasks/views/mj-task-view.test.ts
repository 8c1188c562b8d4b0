import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { taskStatuses } from '../statuses.ts';
import { aTask } from '../task.fixture.ts';
import { type Task, triggerTypes } from '../task.ts';
import type { TaskId } from '../task-id.ts';
import { mjTaskSchema } from './mj-task-schema.ts';
import { viewMjTask, viewOfNoMjTask } from './mj-task-view.ts';

const at = 'https://mj.example/v1/images';
const hash = '39d7cf9f-c2f0-4adf-a124-0020fb9f867f';
const parentId = '1767322700000456' as TaskId;

const sent = { nonce: '1', account: 'default', submittedAt: new Date('2026-01-02T03:00:01.500Z') };
const drawing = {
  ...sent,
  startedAt: new Date('2026-01-02T03:00:03.000Z'),
  progress: 31,
  previewUrl: 'https://cdn.example/preview.webp?ex=1',
};
const ended = { ...sent, finishedAt: new Date('2026-01-02T03:00:41.000Z') };
const picture = {
  ...ended,
  progress: 100,
  messageId: '1279000000000000000',
  messageHash: hash,
  imageUrl: 'https://cdn.example/grid.png',
  imageFile: `${parentId}-0.png`,
  mediaType: 'image/png',
  width: 1024,
  height: 1024,
  drawn: { prompt: 'a cat --v 8.1', speed: 'fast' as const },
  buttons: [
    { label: 'U1', custom_id: `MJ::JOB::upsample::1::${hash}` },
    { label: '🔄', custom_id: `MJ::JOB::reroll::0::${hash}::SOLO` },
    { label: 'V4', custom_id: `MJ::JOB::variation::4::${hash}` },
  ],
};
const rejected = { ...ended, failCode: 'rejected' as const, failReason: '[Invalid link] No such picture' };

/** A task in each state that clients can see. */
const states: Record<string, Partial<Task>> = {
  waiting: { status: 'queued' },
  'about to be sent': { status: 'queued', nonce: '1', account: 'default' },
  sent: { status: 'submitted', ...sent },
  'being drawn': { status: 'running', ...drawing },
  succeeded: { status: 'succeeded', ...picture },
  'succeeded with texts only': { status: 'succeeded', ...ended, messageId: '1', texts: ['a', 'b'] },
  failed: { status: 'failed', ...rejected },
  'failed without a reason': { status: 'failed', ...ended, failCode: 'internal' },
  'failed before it was sent': { status: 'failed', ...rejected, submittedAt: null },
  cancelled: { status: 'failed', ...ended, failCode: 'cancelled', failReason: 'You cancelled it.' },
};

/** What gateways written in Go decode a task into: null leaves a field as it is, any other type is an error. */
const text = z.string().nullable();
const int64 = z.int().nullable();
const goTask = z.object({
  id: text,
  action: text,
  botType: text,
  prompt: text,
  promptEn: text,
  description: text,
  state: text,
  submitTime: int64,
  startTime: int64,
  finishTime: int64,
  imageUrl: text,
  imageUrls: z.array(z.object({ url: text })).nullable(),
  videoUrl: text,
  videoUrls: z.array(z.object({ url: text })).nullable(),
  status: text,
  progress: text,
  failReason: text,
  buttons: z.array(
    z.object({
      customId: z.string(),
      emoji: z.string(),
      label: z.string(),
      type: z.int(),
      style: z.int(),
    }),
  ),
  properties: z.object({ finalPrompt: z.string(), finalZhPrompt: z.string() }),
});

const keys = Object.keys(mjTaskSchema.shape).sort();

describe.each(Object.entries(states))('a task that is %s', (_name, different) => {
  const task = aTask(different);
  const wire = JSON.parse(JSON.stringify(viewMjTask(task, at)));

  it('has every key, and a value of its type', () => {
    expect(Object.keys(wire).sort()).toEqual(keys);
    expect(Object.keys(wire.properties).sort()).toEqual(
      Object.keys(mjTaskSchema.shape.properties.shape).sort(),
    );
    mjTaskSchema.parse(wire);
    goTask.parse(wire);
  });

  it('is finished at 100% only when it has succeeded, and failed only with a reason', () => {
    expect(wire.progress === '100%').toBe(wire.status === 'SUCCESS');
    expect(Boolean(wire.failReason)).toBe(wire.status === 'FAILURE');
    expect(wire.progress).toMatch(wire.status === 'FAILURE' ? /^$/ : /^\d{1,3}%$/);
  });

  it('has buttons only once it has succeeded, and null in place of several pictures', () => {
    if (wire.status !== 'SUCCESS') expect(wire.buttons).toEqual([]);
    expect(wire.imageUrls).toBeNull();
  });
});

test('the task that does not exist has every key too', () => {
  const view = viewOfNoMjTask('1');
  expect(Object.keys(view).sort()).toEqual(keys);
  goTask.parse(view);
  expect(view).toMatchObject({ id: '1', status: 'FAILURE', failReason: 'task not found', progress: '' });
});

test.each([
  ['waiting', { status: 'NOT_START', progress: '0%', startTime: null, finishTime: null, imageUrl: null }],
  ['sent', { status: 'SUBMITTED', progress: '0%', startTime: 1_767_322_801_500, finishTime: null }],
  [
    'being drawn',
    {
      status: 'IN_PROGRESS',
      progress: '31%',
      imageUrl: expect.stringMatching(/^https:\/\/mj\.example\/v1\/images\/previews\/1767322800000123-/),
    },
  ],
  [
    'succeeded',
    {
      status: 'SUCCESS',
      progress: '100%',
      submitTime: 1_767_322_800_000,
      finishTime: 1_767_322_841_000,
      imageUrl: `${at}/${parentId}-0.png`,
      mode: 'FAST',
      properties: expect.objectContaining({ finalPrompt: 'a cat --v 8.1', finalZhPrompt: '' }),
    },
  ],
  [
    'failed',
    { status: 'FAILURE', progress: '', failReason: '[Invalid link] No such picture', imageUrl: null },
  ],
  ['failed without a reason', { failReason: 'internal' }],
  ['failed before it was sent', { startTime: null, finishTime: 1_767_322_841_000 }],
  ['cancelled', { status: 'FAILURE', failReason: 'cancelled' }],
])('a task that is %s shows it', (name, expected) => {
  expect(viewMjTask(aTask(states[name]), at)).toMatchObject(expected);
});

test('every status has a name here', () => {
  const shown = taskStatuses.map((status) => viewMjTask(aTask({ status })).status);
  expect(shown).toEqual(['NOT_START', 'SUBMITTED', 'IN_PROGRESS', 'SUCCESS', 'FAILURE']);
});

test.each([
  [0, '1%'],
  [1, '1%'],
  [99, '99%'],
  [100, '99%'],
])('while it is drawn %i is %s', (progress, shown) => {
  expect(viewMjTask(aTask({ status: 'running', progress })).progress).toBe(shown);
});

test('what a client wrote comes back as given, and where its hook is', () => {
  const state = '{"room":7,"user":"ü"}';
  const hook = 'http://coai:8094/mj/notify';
  const view = viewMjTask(aTask({ state, notifyHook: hook }));
  expect([view.state, view.properties.notifyHook]).toEqual([state, hook]);
});

test('a task of niji says so', () => {
  const view = viewMjTask(aTask({ action: { kind: 'imagine', prompt: 'a cat', bot: 'niji' } }));
  expect([view.botType, view.properties.botType]).toEqual(['NIJI_JOURNEY', 'NIJI_JOURNEY']);
});

/** A task that presses a button of its parent. */
function aPress(triggerType: Task['triggerType'], customId: string): Task {
  const action = { kind: 'button' as const, messageId: '1', messageFlags: 0, customId };
  return aTask({ triggerType, parentId, action });
}

test.each([
  ['upscale', `MJ::JOB::upsample::2::${hash}`, 'UPSCALE', 'U2'],
  ['variation', `MJ::JOB::variation::3::${hash}`, 'VARIATION', 'V3'],
  ['reset', `MJ::JOB::reroll::0::${hash}::SOLO`, 'REROLL', 'R'],
  ['solo_high_variation', `MJ::JOB::high_variation::1::${hash}::SOLO`, 'VARIATION', 'Vary (Strong)'],
  ['expand', `MJ::JOB::pan_left::1::${hash}::SOLO`, 'PAN', 'Pan left'],
  ['zoomout', `MJ::Outpaint::50::1::${hash}::SOLO`, 'ZOOM', 'Zoom out 2x'],
  ['max_upscale', `MJ::JOB::upsample_v7_2x_subtle::1::${hash}::SOLO`, 'UPSCALE', 'Upscale (Subtle)'],
  ['animate', `MJ::JOB::animate_high::1::${hash}::SOLO`, 'VIDEO', 'Animate (High motion)'],
  ['video_upscale', `MJ::JOB::video_virtual_upscale::2::${hash}`, 'UPSCALE', 'U2'],
  ['action', `MJ::Outpaint::100::1::${hash}::SOLO`, 'ZOOM', 'Make square'],
  ['action', `MJ::CustomZoom::${hash}`, 'ZOOM', 'Custom zoom'],
  ['action', `MJ::JOB::upsample::1::${hash}`, 'UPSCALE', 'U1'],
  ['action', 'MJ::Job::PicReader::2', 'IMAGINE', 'Draw prompt 2'],
  ['action', 'MJ::Picread::Retry', 'DESCRIBE', 'Describe again'],
] as const)('%s of %s is %s', (triggerType, customId, action, word) => {
  const view = viewMjTask(aPress(triggerType, customId));
  expect([view.action, view.description]).toEqual([action, `/up ${parentId} ${word}`]);
});

test.each([
  ['generate', { kind: 'imagine', prompt: 'a cat' }, 'IMAGINE', '/imagine a cat'],
  ['edit', { kind: 'imagine', prompt: 'a cat' }, 'EDIT', '/edit a cat'],
  ['video', { kind: 'imagine', prompt: 'a cat' }, 'VIDEO', '/video a cat'],
  ['shorten', { kind: 'shorten', prompt: 'a cat' }, 'SHORTEN', '/shorten a cat'],
  ['describe', { kind: 'describe', uploadFilename: 'x/1.png' }, 'DESCRIBE', '/describe x/1.png'],
  [
    'blend',
    { kind: 'blend', uploadFilenames: ['a', 'b'], ratio: '1:1' },
    'BLEND',
    '/blend 1767322800000123 2',
  ],
] as const)('the command of %s', (triggerType, action, name, description) => {
  const copy = structuredClone(action) as Task['action'];
  const view = viewMjTask(aTask({ triggerType, action: copy }));
  expect([view.action, view.description]).toEqual([name, description]);
});

test('every kind of task has an action', () => {
  const named = triggerTypes.map((triggerType) => viewMjTask(aTask({ triggerType })).action);
  expect(named).not.toContain(undefined);
});

test.each([
  ['U1', `MJ::JOB::upsample::1::${hash}`, '', 'U1'],
  ['V4', `MJ::JOB::variation::4::${hash}`, '', 'V4'],
  ['🔄', `MJ::JOB::reroll::0::${hash}::SOLO`, '🔄', ''],
  ['⬅️', `MJ::JOB::pan_left::1::${hash}::SOLO`, '⬅️', ''],
  ['❤️', `MJ::BOOKMARK::${hash}`, '❤️', ''],
  ['Favorite', `MJ::BOOKMARK::${hash}`, '❤️', 'Favorite'],
  ['1️⃣', 'MJ::Job::PicReader::1', '1️⃣', ''],
  ['Vary (Strong)', `MJ::JOB::high_variation::1::${hash}::SOLO`, '🪄', 'Vary (Strong)'],
  ['Upscale (Subtle)', `MJ::JOB::upsample_v7_2x_subtle::1::${hash}::SOLO`, '', 'Upscale (Subtle)'],
  ['Something new', `MJ::JOB::new_thing::1::${hash}`, '', 'Something new'],
])('the button %s', (label, customId, emoji, shown) => {
  const buttons = [{ label, custom_id: customId }];
  const view = viewMjTask(aTask({ status: 'succeeded', buttons }));
  expect(view.buttons).toEqual([{ customId, emoji, label: shown, type: 2, style: 2 }]);
});
