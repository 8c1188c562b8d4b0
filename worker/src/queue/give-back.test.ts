import { once } from 'node:events';
import type { TaskJob } from '@midjourney-api/shared/queues/catalogue';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { type Job, Queue, Worker } from 'bullmq';
import { afterEach, expect, inject, it } from 'vitest';
import { testPrefix } from '../../../test/database.ts';
import { giveBack } from './give-back.ts';

const closing: { close(force?: boolean): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of closing.splice(0)) await each.close(true);
});

async function nextJob(worker: Worker<TaskJob>, token: string): Promise<Job<TaskJob> | undefined> {
  let job: Job<TaskJob> | undefined;
  while (!job && !worker.closing) job = await worker.getNextJob(token, { block: true });
  return job;
}

it('a job that a worker gives back is taken by one that waits for a job', async () => {
  const options = { connection: { url: inject('services').redisUrl }, prefix: testPrefix() };
  const queue = new Queue<TaskJob>('drawings', options);
  // None looks again by itself while the test runs.
  const workers = [1, 2].map(
    () => new Worker<TaskJob>('drawings', undefined, { ...options, drainDelay: 600 }),
  );
  closing.push(...workers, queue);
  const wait = async (worker: Worker<TaskJob> | undefined, token: string) => {
    if (!worker) throw new Error('there is no such worker');
    const drained = once(worker, 'drained');
    const job = nextJob(worker, token);
    await drained;
    return { job };
  };

  const first = await wait(workers[0], 'one');
  const data = { taskId: '1795706343138644' as TaskId, user: 'someone', prompt: 'a cat' };
  await queue.add('generate', data, { jobId: 'task-1', priority: 3 });
  const taken = await first.job;
  const second = await wait(workers[1], 'other');
  if (taken) await giveBack(taken, 'one');
  expect(await second.job).toMatchObject({ id: 'task-1', priority: 3 });
});
