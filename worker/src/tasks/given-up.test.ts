import type { TaskAction } from '@midjourney-api/shared/tasks/task';
import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import { expect, it } from 'vitest';
import { createActiveTask } from './active-task.ts';
import { isRecognisable } from './given-up.ts';

const jobId = '33333333-aaaa-4aaa-8aaa-333333333333';
const blend: TaskAction = { kind: 'blend', uploadFilenames: ['x/1.png', 'x/2.png'], ratio: '1:1' };

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
