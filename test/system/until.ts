import { setTimeout } from 'node:timers/promises';

/** Polls something that emits no event. @throws if it does not become true in time. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  withinMs = 40_000,
): Promise<T> {
  for (const end = Date.now() + withinMs; ; ) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`Not within ${withinMs} ms: ${what}`);
    await setTimeout(25);
  }
}
