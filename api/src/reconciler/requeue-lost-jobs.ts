import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { findJobStates, type JobName } from './live-jobs.ts';

/** Few enough that a request that comes meanwhile waits a few milliseconds at most. */
export const batchSize = 100;

/** Rows of MySQL that should have a job each. */
interface RowsWithJobs<Row> {
  /** The first rows, or those after the last one of the batch before: `batchSize` of them, fewer at the end. */
  read(after: Row | undefined): Promise<Row[]>;
  /** One of these jobs should be live; which one depends on what has happened to the row. */
  jobsOf(row: Row): JobName[];
  /** Adds the jobs of rows that have none. @returns how many still needed one. */
  addJobs(lost: Row[]): Promise<number>;
}

/**
 * Walks through the rows and has jobs added where none is live: it was never added, Redis lost it, or it ended
 * without having done its work. MySQL is the truth, so nothing is lost with Redis. Doing it twice adds nothing.
 * After each batch it rests for a quarter of the time that the batch took, so that requests catch up.
 * @returns how many jobs were added.
 */
export async function requeueLostJobs<Row>(redis: Redis, rows: RowsWithJobs<Row>): Promise<number> {
  let added = 0;
  let after: Row | undefined;
  for (;;) {
    const began = performance.now();
    const batch = await rows.read(after);
    const lost = await withoutLiveJob(redis, batch, rows.jobsOf);
    if (lost.length > 0) added += await rows.addJobs(lost);
    if (batch.length < batchSize) return added;
    after = batch.at(-1);
    await pause((performance.now() - began) / 4);
  }
}

async function withoutLiveJob<Row>(
  redis: Redis,
  batch: Row[],
  jobsOf: (row: Row) => JobName[],
): Promise<Row[]> {
  const jobs = batch.flatMap((row) => jobsOf(row).map((job) => ({ row, ...job })));
  const states = await findJobStates(redis, jobs);
  const live = new Set(jobs.flatMap(({ row }, at) => (states[at] === 'live' ? [row] : [])));
  // What is left of a finished job would keep a new one with its id out.
  const leftovers = jobs.filter(({ row }, at) => states[at] === 'finished' && !live.has(row));
  await Promise.all(leftovers.map(({ queue, jobId }) => queue.remove(jobId)));
  return batch.filter((row) => !live.has(row));
}
