import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';

/** A job as it would be named in a queue, whether it is there or not. */
export interface JobPlace {
  queue: Pick<Queue, 'toKey'>;
  jobId: string;
}

/**
 * Which of the jobs are there and not finished, in one transaction: a job that moves from one queue to another
 * is seen in one of them.
 */
export async function areLive(redis: Redis, places: JobPlace[]): Promise<boolean[]> {
  const asked = redis.multi();
  for (const { queue, jobId } of places) {
    asked
      .exists(queue.toKey(jobId))
      .zscore(queue.toKey('completed'), jobId)
      .zscore(queue.toKey('failed'), jobId);
  }
  const answers = (await asked.exec()) ?? [];
  return places.map((_, at) => {
    const [exists, completed, failed] = answers.slice(3 * at, 3 * at + 3).map(([error, answer]) => {
      if (error) throw error;
      return answer;
    });
    return exists === 1 && completed === null && failed === null;
  });
}
