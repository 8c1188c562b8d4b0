import { expect, test } from 'vitest';
import { taskStatuses } from '../tasks/statuses.ts';
import { aTask } from '../tasks/task.fixture.ts';
import { viewMjTask } from '../tasks/views/mj-task-view.ts';
import { viewTask } from '../tasks/views/task-view.ts';
import { isFinalNotice } from './render-notice.ts';

test.each(taskStatuses)('whether a notice is a final one is read from it in every dialect: %s', (status) => {
  const task = aTask({ status });
  const isEnd = status === 'succeeded' || status === 'failed';
  const timestamp = '2026-01-02T03:00:00.000Z';
  expect(isFinalNotice({ type: `task.${status}`, timestamp, data: viewTask(task) })).toBe(isEnd);
  expect(isFinalNotice(viewMjTask(task))).toBe(isEnd);
});
