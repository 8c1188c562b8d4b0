import { setTimeout } from 'node:timers/promises';

/** Waits between two tries of something outside. @throws when aborted. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal });
}

/** A quarter of a second, doubling to five seconds. */
export function growingDelay(attempt: number): number {
  return Math.min(250 * 2 ** attempt, 5_000);
}
