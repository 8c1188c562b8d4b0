import type { TaskStatus } from '@midjourney-api/shared/tasks/statuses';
import { expect, test } from 'vitest';
import { taskId } from '../../testing/open-test-api.ts';
import { type Progress, progressOf } from './progress.ts';

const task = (status: TaskStatus, progress = 0, waitReason: string | null = null) => ({
  id: taskId('1795354211043001'),
  status,
  progress,
  waitReason,
});
const sent = (progress: number, message: string): Progress => ({ progress, total: 100, message });

test.each([
  ['waiting', task('queued'), undefined, 0, 'Task 1795354211043001 is waiting'],
  [
    'waiting for a reason',
    task('queued', 0, 'Midjourney’s queue is full'),
    undefined,
    0,
    'Task 1795354211043001 is waiting: Midjourney’s queue is full',
  ],
  ['sent', task('submitted'), sent(0, 'before'), 0.5, 'Task 1795354211043001 is at Midjourney'],
  ['drawn', task('running', 31), sent(0.5, 'before'), 31, 'Task 1795354211043001: 31 % drawn'],
  [
    'drawn less than before',
    task('running', 31),
    sent(46, 'before'),
    46.5,
    'Task 1795354211043001: 31 % drawn',
  ],
])('a task that is %s is reported, with a number that grows', (_how, now, before, progress, message) => {
  expect(progressOf(now, before)).toEqual({ progress, total: 100, message });
});

test('what was sent already is not sent again', () => {
  const first = progressOf(task('running', 31));
  expect(progressOf(task('running', 31), first)).toBeUndefined();
});

test.each(['succeeded', 'failed'] as const)('a task that has %s is reported by the result only', (status) => {
  expect(progressOf(task(status, 100), sent(93, 'before'))).toBeUndefined();
});
