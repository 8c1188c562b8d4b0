import type { TaskJob } from '@midjourney-api/shared/queues/catalogue';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { type Job, Queue, Worker } from 'bullmq';
import { afterEach, expect, inject, it } from 'vitest';
import { testPrefix } from '../../../test/database.ts';
import { eventually } from '../../../test/eventually.ts';
import { giveBack } from './give-back.ts';

const closing: { close(force?: boolean): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of closing.splice(0)) await each.close(true);
});

it('a job that a worker gives back is taken by one that waits for a job', async () => {
  const options = { connection: { url: inject('services').redisUrl }, prefix: testPrefix() };
  const queue = new Queue<TaskJob>('drawings', options);
  closing.push(queue);
  const startWorker = () => {
    // It does not look again by itself while the test runs.
    const worker = new Worker<TaskJob>('drawings', undefined, { ...options, drainDelay: 600 });
    closing.unshift(worker);
    return async (token: string) => {
      let job: Job<TaskJob> | undefined;
      while (!job && !worker.closing) job = await worker.getNextJob(token, { block: true });
      return job;
    };
  };
  const untilOneWaits = () =>
    eventually(async () =>
      expect(await queue.getWorkers()).toContainEqual(expect.objectContaining({ flags: 'b' })),
    );

  const first = startWorker()('one');
  await untilOneWaits();
  const data = { taskId: '1795706343138644' as TaskId, user: 'someone', prompt: 'a cat' };
  await queue.add('generate', data, { jobId: 'task-1', priority: 3 });
  const taken = await first;
  const second = startWorker()('other');
  await untilOneWaits();
  if (taken) await giveBack(taken, 'one');
  expect(await second).toMatchObject({ id: 'task-1', priority: 3 });
});
