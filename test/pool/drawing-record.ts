import type { DrawnJob } from '../system/simulator-control.ts';
import type { Submitted } from './submit-together.ts';

export interface DrawingRecord {
  /** From the first submit to the last picture, in milliseconds. */
  runMs: number;
  /**
   * The part of all slots' time in which nothing was drawn in them although work waited: from one second after the
   * first submit to the last moment at which as many tasks waited as there are slots.
   */
  idle: number;
  /** How long that was, in milliseconds. */
  busyMs: number;
  /** When each user had its last picture, as a part of the run. */
  lastDone: number[];
  /** Tasks that were drawn more than once, or never. */
  notDrawnOnce: string[];
}

/** What the simulator's own record of its jobs says of a run. */
export function readDrawingRecord(submitted: Submitted[], jobs: DrawnJob[], slots: number): DrawingRecord {
  const drawings = jobs.map(({ prompt, requestedAt, finishedAt }) => ({
    taskId: /<#(\d+)#>/.exec(prompt)?.[1],
    from: requestedAt,
    until: finishedAt ?? Number.NaN,
  }));
  const began = Math.min(...submitted.map(({ at }) => at));
  const runMs = Math.max(...drawings.map(({ until }) => until)) - began;
  const userOf = new Map(submitted.map(({ taskId, user }) => [taskId, user]));
  const users = [...new Set(userOf.values())].sort();
  const window = { from: began + 1_000, until: lastTimeThatManyWaited(submitted, drawings, slots) };
  const busyMs = Math.max(window.until - window.from, 0);
  const used = drawings.reduce((sum, drawing) => sum + overlap(drawing, window), 0);
  return {
    runMs,
    busyMs,
    idle: 1 - used / (slots * busyMs),
    lastDone: users.map((user) => {
      const own = drawings.filter(({ taskId }) => taskId !== undefined && userOf.get(taskId) === user);
      return (Math.max(...own.map(({ until }) => until)) - began) / runMs;
    }),
    notDrawnOnce: [...userOf.keys()].filter(
      (wanted) => drawings.filter(({ taskId }) => taskId === wanted).length !== 1,
    ),
  };
}

interface Span {
  from: number;
  until: number;
}

function overlap(a: Span, b: Span): number {
  return Math.max(Math.min(a.until, b.until) - Math.max(a.from, b.from), 0);
}

/** A task waits from its being accepted to its being at Midjourney. */
function lastTimeThatManyWaited(submitted: Submitted[], drawings: Span[], many: number): number {
  const changes = [
    ...submitted.map(({ at }) => ({ at, by: 1 })),
    ...drawings.map(({ from }) => ({ at: from, by: -1 })),
  ].sort((a, b) => a.at - b.at);
  let waiting = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const { at, by } of changes) {
    if (waiting >= many) last = at;
    waiting += by;
  }
  return last;
}
