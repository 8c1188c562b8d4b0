import type { TaskJob } from '@midjourney-api/shared/queues/catalogue';
import type { Job } from 'bullmq';

/**
 * Puts the job back into its queue, for a worker that has an account for it. For a job with a priority BullMQ wakes no
 * worker that waits for one: they would look for it only after five seconds. Setting its priority again wakes them.
 */
export async function giveBack(job: Job<TaskJob>, token: string | undefined): Promise<void> {
  await job.moveToWait(token);
  await job.changePriority({ priority: job.priority });
}
