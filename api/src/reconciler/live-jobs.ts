import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';

/** A job that may be in a queue. */
export interface JobName {
  queue: Pick<Queue, 'toKey' | 'remove'>;
  jobId: string;
}

/** `finished` is what is left of a job that ended, well or not. */
type JobState = 'live' | 'finished' | 'gone';

/** How the jobs are, in one transaction: a job that moves from one queue to another is seen in one of them. */
export async function findJobStates(redis: Redis, jobs: JobName[]): Promise<JobState[]> {
  const asked = redis.multi();
  // BullMQ writes `finishedOn` when the last attempt has ended, and removes it when the job is to run again.
  for (const { queue, jobId } of jobs) asked.hmget(queue.toKey(jobId), 'timestamp', 'finishedOn');
  const answers = (await asked.exec()) ?? [];
  return jobs.map((_, at) => {
    const [error, answer] = answers[at] ?? [];
    if (error) throw error;
    const [timestamp, finishedOn] = answer as [string | null, string | null];
    if (timestamp === null) return 'gone';
    return finishedOn === null ? 'live' : 'finished';
  });
}
