import { UnrecoverableError } from 'bullmq';
import { expect, it } from 'vitest';
import type { TaskId } from '../tasks/task-id.ts';
import { catalogue, readJob } from './catalogue.ts';

const taskId = '1234567890123456' as TaskId;

it.each([
  ['task', { taskId, user: 'alice', prompt: 'a cat' }],
  ['question', {}],
  ['upload', { kind: 'upload', uploadId: taskId, filename: 'a.png', contentType: 'image/png', size: 7 }],
  ['upload', { kind: 'post', account: 'default', uploadFilename: 'a/b.png', filename: 'b.png' }],
  ['upload', { kind: 'refresh', taskIds: [taskId] }],
  ['notice', { taskId, version: 3, userId: 1 }],
  ['picture', { taskId }],
  ['reconcile', {}],
] as const)('a job %s has its data', (name, data) => {
  expect(readJob<unknown>(catalogue[name], { name, data })).toEqual(data);
});

it.each([
  ['task', { taskId: 7, user: 'alice', prompt: 'a cat' }, 'taskId: not a task id'],
  ['task', { taskId: '1' }, 'taskId: not a task id; user: '],
  ['task', 'nothing', 'data: '],
  ['upload', { kind: 'download' }, 'kind: '],
  ['notice', { taskId, version: '3', userId: 1 }, 'version: '],
  ['picture', undefined, 'data: '],
] as const)('a job %s with %j fails for good and says what is wrong', (name, data, reason) => {
  const read = () => readJob<unknown>(catalogue[name], { name: 'imagine', data });
  expect(read).toThrow(UnrecoverableError);
  expect(read).toThrow(`The data of the job "imagine" are not valid: ${reason}`);
});

it('the value that is not valid is not repeated, which may be a secret', () => {
  const data = { taskId: 'mj_secret', user: 'alice', prompt: 1 };
  expect(() => readJob(catalogue.task, { name: 'imagine', data })).toThrow(/^(?!.*secret).*$/);
});
