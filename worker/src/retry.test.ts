import { expect, it } from 'vitest';
import { growingDelay, retry } from './retry.ts';

const lost = new Error('lost');

/** Something that fails so many times before it succeeds, and what is noted of each failure. */
function failing(times: number) {
  const noted: unknown[] = [];
  let runs = 0;
  return {
    noted,
    run: async () => {
      if (runs++ < times) throw lost;
      return runs;
    },
    onRetry: (error: unknown, attempt: number) => noted.push([error, attempt]),
  };
}

it('what fails is tried again until it succeeds, with longer and longer delays', async () => {
  const { run, onRetry, noted } = failing(3);
  const delays: number[] = [];
  const delayMs = (attempt: number) => {
    delays.push(growingDelay(attempt));
    return 0;
  };
  expect(await retry(run, { onRetry, delayMs, signal: new AbortController().signal })).toBe(4);
  expect(noted).toEqual([
    [lost, 0],
    [lost, 1],
    [lost, 2],
  ]);
  expect(delays).toEqual([250, 500, 1_000]);
  expect(growingDelay(40)).toBe(5_000);
});

it('what no other attempt can mend is thrown at once', async () => {
  const { run, onRetry, noted } = failing(1);
  const { signal } = new AbortController();
  await expect(retry(run, { retryable: (error) => error !== lost, onRetry, signal })).rejects.toBe(lost);
  expect(noted).toEqual([]);
});

it('a signal ends the wait for the next attempt, and no other follows', async () => {
  const { run, onRetry, noted } = failing(5);
  const stopping = new AbortController();
  const trying = retry(run, { onRetry, delayMs: () => 3_600_000, signal: stopping.signal });
  await expect.poll(() => noted).toHaveLength(1);
  const reason = new Error('the worker stops');
  stopping.abort(reason);
  await expect(trying).rejects.toBe(reason);
  expect(noted).toHaveLength(1);
});

it('something that fails after the signal is not tried again', async () => {
  const { run, onRetry, noted } = failing(1);
  const reason = new Error('the worker stops');
  await expect(retry(run, { onRetry, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(noted).toEqual([]);
});
