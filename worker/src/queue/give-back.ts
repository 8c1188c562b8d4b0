import type { TaskJob } from '@midjourney-api/shared/queues/catalogue';
import type { Job } from 'bullmq';

/**
 * Puts the job back into its queue, for a worker that has an account for it. BullMQ wakes none of those that wait for a
 * job when this one has a priority: they would look for it after five seconds. Being given its priority again does.
 */
export async function giveBack(job: Job<TaskJob>, token: string | undefined): Promise<void> {
  await job.moveToWait(token);
  await job.changePriority({ priority: job.priority });
}
