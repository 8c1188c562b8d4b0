import { randomInt } from 'node:crypto';

/**
 * A task's id: milliseconds since 1970 followed by three digits, larger for later tasks. A string of 16 digits, below
 * 2^53 so that those who keep it as a JavaScript number or a double lose nothing (until the year 2255).
 */
export type TaskId = string & { readonly __brand: 'TaskId' };

/** Whether a text can be a task's id. Clients may send 10 to 19 digits; no task has the longer ones. */
export function isTaskId(text: string): text is TaskId {
  return /^[1-9]\d{9,15}$/.test(text) && Number.isSafeInteger(Number(text));
}

const idsPerMs = 1_000;

/** A millisecond's first id is below this, which leaves room for at least a hundred more. */
const latestStart = 900;

/**
 * Makes ids that increase within this process, even if its clock steps back; what does not fit into a millisecond
 * continues in the next. Each millisecond starts at a random number, so that two processes rarely make the same id. If they
 * do, the primary key rejects the second, which then needs another.
 */
export function createTaskIds(
  now: () => number = Date.now,
  randomStart: () => number = () => randomInt(latestStart),
): () => TaskId {
  let last = 0;
  return () => {
    const earliest = now() * idsPerMs;
    last = last < earliest ? earliest + randomStart() : last + 1;
    return String(last) as TaskId;
  };
}

/** When the task was accepted, or its window opened, which is minutes before. */
export function taskIdTime(id: TaskId): Date {
  return new Date(Math.floor(Number(id) / idsPerMs));
}

/** No task accepted at this time or later has a smaller id, unless it was prepared in a window. */
export function firstTaskId(at: Date): TaskId {
  return String(Math.max(at.getTime(), 0) * idsPerMs) as TaskId;
}
