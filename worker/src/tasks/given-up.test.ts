import { createLogger } from '@midjourney-api/shared/logging/logger';
import type { Task, TaskAction } from '@midjourney-api/shared/tasks/task';
import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aMessage } from '../discord/message.fixture.ts';
import { readSignal } from '../midjourney/signal.ts';
import { type ActiveTask, createActiveTask } from './active-task.ts';
import { GivenUpTasks, isRecognisable } from './given-up.ts';

const minute = 60_000;
const deadlines = { startMs: minute, progressMs: 5 * minute, totalMs: 20 * minute };
const jobId = '33333333-aaaa-4aaa-8aaa-333333333333';
const blend: TaskAction = { kind: 'blend', uploadFilenames: ['x/1.png', 'x/2.png'], ratio: '1:1' };
const refusal = readSignal(aMessage({ embeds: [{ title: 'Invalid parameter', description: 'no' }] }));

let givenUp: GivenUpTasks;
/** What the task still has, and what was noted of it. */
let has: Set<'slot' | 'key'>;
let noted: string[];
beforeEach(() => {
  vi.useFakeTimers();
  noted = [];
  has = new Set(['slot', 'key']);
  givenUp = new GivenUpTasks({
    deadlines,
    record: {
      change: async (task) => ({ task, applied: true }),
      note: (_task, { type }) => void noted.push(type),
    },
    delivery: { attempt: async () => {}, insist: async () => ({ status: 'failed', applied: true }) },
    stopping: new AbortController().signal,
    log: createLogger('test', 'silent'),
  });
});
afterEach(() => {
  givenUp.clear();
  vi.useRealTimers();
});

function aSentTask(different: Partial<Task> = {}): ActiveTask {
  const slot = { release: () => void has.delete('slot'), sending() {}, notSent() {} };
  const sent = { nonce: '7', sentAfterMessageId: '1000', progressMessageId: '2000', ...different };
  return createActiveTask(aTask(sent), { slot, releaseKey: () => void has.delete('key') });
}

const expected = () => [...givenUp.expected()].length;

describe('a task that was given up', () => {
  it('keeps its slot for half an hour, its key until its progress is overdue, and its picture is expected', () => {
    givenUp.add(aSentTask(), { isThere: true });
    vi.advanceTimersByTime(deadlines.progressMs - 1);
    expect([...has]).toEqual(['slot', 'key']);
    vi.advanceTimersByTime(1);
    expect([...has]).toEqual(['slot']);
    expect(expected()).toBe(1);
    vi.advanceTimersByTime(24 * minute);
    expect([...has]).toEqual(['slot']);
    vi.advanceTimersByTime(minute);
    expect([has.size, expected()]).toEqual([0, 0]);
  });

  it('keeps no slot when Midjourney gave no sign of it', () => {
    givenUp.add(aSentTask(), { isThere: false });
    vi.advanceTimersByTime(0);
    expect([...has]).toEqual(['key']);
    expect(expected()).toBe(1);
  });

  it('keeps them for what is left of that when another session gave it up', () => {
    givenUp.add(aSentTask(), { isThere: true, ageMs: 29 * minute });
    vi.advanceTimersByTime(0);
    expect([...has]).toEqual(['slot']);
    vi.advanceTimersByTime(minute);
    expect(has.size).toBe(0);
  });

  it.each<[string, (active: ActiveTask) => void]>([
    ['its progress message is deleted', () => givenUp.messageDeleted('2000')],
    ['it is refused', (active) => givenUp.heard(active, refusal)],
    ['the history shows nothing of it', () => givenUp.historyRead(new Set())],
  ])('frees slot and key when %s', (_how, end) => {
    const active = aSentTask();
    givenUp.add(active, { isThere: true });
    end(active);
    expect([[...has], noted]).toEqual([[], ['job_ended']]);
  });

  it('keeps its slot while the history shows it', () => {
    const active = aSentTask();
    givenUp.add(active, { isThere: true });
    givenUp.historyRead(new Set([active.task.id]));
    expect([[...has], noted]).toEqual([['slot', 'key'], []]);
  });

  it.each<[string, Partial<Task>, number]>([
    ['a drawing, with its marker', {}, 1],
    ['a blend of which nothing was seen', { action: blend }, 0],
  ])(
    'is expected while others of its kind are drawn only if it would be recognised: %s',
    (_what, task, count) => {
      givenUp.add(aSentTask(task), { isThere: true });
      expect(expected()).toBe(1);
      vi.advanceTimersByTime(deadlines.progressMs);
      expect(expected()).toBe(count);
    },
  );
});

it.each<[string, TaskAction, object, boolean]>([
  ['a drawing, by its marker', { kind: 'imagine', prompt: 'a cat' }, {}, true],
  ['a blend, while nothing was seen of it', blend, {}, false],
  ['a blend, by its job', blend, { jobId }, true],
  ['a blend, by its interaction', blend, { interactionId: '7' }, true],
  ['a description, by its file', { kind: 'describe', uploadFilename: 'x/1.png' }, {}, true],
  ['a description of a link', { kind: 'describe', link: 'https://a.example/1.png' }, {}, false],
  ['what is shown again', { kind: 'show', jobId }, {}, false],
])('knows a late result among those of other tasks: %s', (_what, action, different, expected) => {
  expect(isRecognisable(createActiveTask(aTask({ action, ...different })))).toBe(expected);
});
