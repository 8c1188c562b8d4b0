import { randomInt } from 'node:crypto';

/** A task's id: a decimal number of 18 or 19 digits as a string, larger for later tasks. */
export type TaskId = string & { readonly __brand: 'TaskId' };

export function isTaskId(text: string): text is TaskId {
  // MySQL keeps it in a signed 64-bit column: 19 digits above 2^63 would not fit.
  return /^[1-9]\d{9,18}$/.test(text) && BigInt(text) < 2n ** 63n;
}

/** 2024-01-01: keeps ids within 63 bits until 2093. */
const epoch = Date.UTC(2024, 0, 1);

/**
 * Makes ids of 41 bits of milliseconds, 10 bits that tell this process from others, and a 12-bit sequence,
 * as Discord's own snowflakes are built. Increasing within a process even if its clock steps back.
 * Two processes share their 10 bits with odds of 1 in 1,024; then the primary key refuses a repeated id.
 */
export function createTaskIds(now: () => number = Date.now, processBits = randomInt(1024)): () => TaskId {
  let last = 0n;
  return () => {
    const earliest = (BigInt(now() - epoch) << 22n) | (BigInt(processBits) << 12n);
    const sameMillisecond = last >> 22n >= earliest >> 22n;
    if (!sameMillisecond) last = earliest;
    else if ((last & 0xfffn) < 0xfffn) last += 1n;
    else last = (((last >> 22n) + 1n) << 22n) | (BigInt(processBits) << 12n);
    return last.toString() as TaskId;
  };
}

/** When the task was accepted. */
export function taskIdTime(id: TaskId): Date {
  return new Date(Number(BigInt(id) >> 22n) + epoch);
}

/** No task accepted at this time or later has a smaller id. */
export function firstTaskId(at: Date): TaskId {
  return (BigInt(Math.max(at.getTime() - epoch, 1)) << 22n).toString() as TaskId;
}
