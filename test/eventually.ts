import { vi } from 'vitest';

/**
 * Runs the checks again until none of them throws, for what emits no event. The limit is for what never comes true.
 * @returns what the last run returned
 */
export function eventually<T>(checks: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(checks, { timeout: 40_000, interval: 20 });
}
