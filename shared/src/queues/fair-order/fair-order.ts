import { readFileSync } from 'node:fs';
import type { Queue } from 'bullmq';
import type { ClientContext, Redis, Result } from 'ioredis';
import { fairOrderKeys } from '../keys.ts';

/**
 * Which job is next when several users wait. Each job gets a priority, as BullMQ knows them: one step behind the
 * user's last job, but never before the job that was taken last. A user with one job is so served right after the
 * others' next ones, however many they have waiting; of equal priorities the older job goes first.
 * (Start-time fair queueing, Goyal, Vin and Cheng, 1996.)
 *
 * Only the next few jobs of a user have a priority of their own. The others wait at the back of the queue and are
 * given theirs while jobs are taken: only then is it known which users have little waiting, and their steps are
 * shorter. Where this fails half way (a process that dies, Redis that forgets), a job may be late; it stays in
 * BullMQ's queue, and is taken.
 */
export interface FairOrder {
  /** The priorities of jobs about to be added to this queue, in their order; 1 or more. */
  givePriorities(queue: Queue, jobs: FairJob[]): Promise<number[]>;
  /**
   * A job with this priority was taken: jobs that are added later come behind it, and those at the back of the queue
   * may be given a priority of their own. After the last job that waited, everything starts from 0 again.
   */
  jobTaken(queue: Queue, priority: number): Promise<void>;
  /** @returns how many jobs are taken until this one is, itself included; undefined when it does not wait. */
  positionOf(queue: Queue, job: Pick<FairJob, 'jobId' | 'userId'>): Promise<number | undefined>;
}

/** A job, and whose it is. */
interface FairJob {
  jobId: string;
  userId: number;
  /** How many jobs of the user are taken for one of an ordinary user. */
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

/** The text of a script, which its own comments explain. */
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
        // One that was taken meanwhile stays with its worker.
        await job?.changePriority({ priority: Number(given[at + 1]) });
      }
    },
    async positionOf(queue, { userId, jobId }) {
      return (await redis.fairOrderPosition(...fairOrderKeys(queue), userId, jobId)) ?? undefined;
    },
  };
}
