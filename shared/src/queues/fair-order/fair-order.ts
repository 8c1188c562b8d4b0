import { readFileSync } from 'node:fs';
import type { Queue } from 'bullmq';
import type { ClientContext, Redis, Result } from 'ioredis';
import { fairOrderKeys } from '../keys.ts';

/**
 * Decides which job is next when several users wait. Each job gets a BullMQ priority: one step after the user's last job,
 * but never before the job that was taken last. So a user with one job is served right after the others' next ones,
 * however many they have waiting. Of equal priorities, the older job goes first.
 * (Start-time fair queueing, Goyal, Vin and Cheng, 1996.)
 *
 * Only the next few jobs of a user have such a priority. The others wait at the back of the queue, and get theirs as jobs
 * are taken: only then is it known which users have few waiting, and these get shorter steps. If this fails halfway (a
 * process dies, Redis loses data), a job may be late, but it stays in BullMQ's queue and is taken.
 */
export interface FairOrder {
  /** Gives priorities, 1 or more, to jobs about to be added to this queue, in their order. */
  givePriorities(queue: Queue, jobs: FairJob[]): Promise<number[]>;
  /**
   * Records that a job with this priority was taken. Jobs added later come after it, and jobs at the back of the queue may
   * get a priority. After the last waiting job, numbering starts from 0 again.
   */
  jobTaken(queue: Queue, priority: number): Promise<void>;
  /** @returns the job's position, 1 for the next one; undefined if it does not wait. */
  positionOf(queue: Queue, job: Pick<FairJob, 'jobId' | 'userId'>): Promise<number | undefined>;
}

/** A job and its owner. */
interface FairJob {
  jobId: string;
  userId: number;
  /** How many of the user's jobs are taken for one of an ordinary user. */
  priority: number;
}

type Keys = ReturnType<typeof fairOrderKeys>;

declare module 'ioredis' {
  interface RedisCommander<Context extends ClientContext> {
    fairOrderGivePriorities(...keysAndArgs: [...Keys, ...(string | number)[]]): Result<number[], Context>;
    fairOrderJobTaken(...keysAndArgs: [...Keys, priority: number]): Result<(string | number)[], Context>;
    fairOrderPosition(
      ...keysAndArgs: [...Keys, userId: number, jobId: string]
    ): Result<number | null, Context>;
  }
}

/** The source of a script. */
function script(name: string): string {
  const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');
  return `${read('common.lua')}\n${read(`${name}.lua`)}`;
}

const scripts = {
  fairOrderGivePriorities: script('give-priorities'),
  fairOrderJobTaken: script('job-taken'),
  fairOrderPosition: script('position'),
};

export function createFairOrder(redis: Redis): FairOrder {
  for (const [name, lua] of Object.entries(scripts)) redis.defineCommand(name, { lua, numberOfKeys: 4 });
  return {
    givePriorities: (queue, jobs) =>
      redis.fairOrderGivePriorities(
        ...fairOrderKeys(queue),
        ...jobs.flatMap(({ userId, priority, jobId }) => [userId, priority, jobId]),
      ),
    async jobTaken(queue, priority) {
      const given = await redis.fairOrderJobTaken(...fairOrderKeys(queue), priority);
      // One after the other: of equal priorities the one that is changed first is taken first.
      for (let at = 0; at < given.length; at += 2) {
        const job = await queue.getJob(String(given[at]));
        // A job that has been taken since then stays with its worker.
        await job?.changePriority({ priority: Number(given[at + 1]) });
      }
    },
    async positionOf(queue, { userId, jobId }) {
      return (await redis.fairOrderPosition(...fairOrderKeys(queue), userId, jobId)) ?? undefined;
    },
  };
}
