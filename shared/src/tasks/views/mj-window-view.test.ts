import { expect, test } from 'vitest';
import type { TaskId } from '../task-id.ts';
import type { Window } from '../windows.ts';
import { mjTaskSchema } from './mj-task-schema.ts';
import { viewMjWindow } from './mj-window-view.ts';

const createdAt = new Date('2026-01-02T03:00:00.000Z');
const minutesLater = (minutes: number) => new Date(createdAt.getTime() + minutes * 60_000);

const window: Window = {
  id: '1767322800000123' as TaskId,
  userId: 1,
  parentId: '1767322800000001' as TaskId,
  action: { kind: 'button', messageId: '1', messageFlags: 0, customId: 'MJ::CustomZoom::1', bot: 'niji' },
  prompt: 'a fox --zoom 2',
  speed: 'fast',
  account: 'default',
  state: 'room:user',
  notifyHook: 'https://hooks.example/',
  createdAt,
  cancelledAt: null,
};

test.each([
  ['open', window, { status: 'MODAL', progress: '0%', failReason: null, finishTime: null }],
  [
    'timed out',
    { ...window, createdAt: minutesLater(-10) },
    { status: 'FAILURE', progress: '', failReason: 'modal timed out', finishTime: createdAt.getTime() },
  ],
  [
    'cancelled',
    { ...window, cancelledAt: minutesLater(-1) },
    { status: 'FAILURE', progress: '', failReason: 'cancelled', finishTime: minutesLater(-1).getTime() },
  ],
])('a window that is %s has every key of a task, as typed clients expect them', (_what, shown, expected) => {
  const view = viewMjWindow(shown, createdAt);
  expect(mjTaskSchema.strict().parse(view)).toEqual(view);
  expect(view).toMatchObject({
    ...expected,
    id: window.id,
    action: 'ZOOM',
    description: `/up ${window.parentId} Custom zoom`,
    prompt: 'a fox --zoom 2',
    state: 'room:user',
    submitTime: shown.createdAt.getTime(),
    startTime: null,
    imageUrl: null,
    buttons: [],
    botType: 'NIJI_JOURNEY',
    properties: { notifyHook: 'https://hooks.example/', finalPrompt: 'a fox --zoom 2' },
  });
});
