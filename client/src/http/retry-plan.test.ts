import { describe, expect, test } from 'vitest';
import { delayAfter, type Outcome, readRetryAfter } from './retry-plan.ts';

const plan = { retries: 3, longestDelayMs: 5_000 };
const answer = (status: number, retryAfterMs?: number): Outcome => ({ status, retryAfterMs });

describe('a request is repeated', () => {
  test.each<[why: string, outcome: Outcome, attempt: number, delayMs: number | undefined]>([
    ['after a lost answer', 'lost', 1, 500],
    ['later each time', 'lost', 3, 2_000],
    ['as often as the plan says', 'lost', 4, undefined],
    ['when too many requests came, as soon as it says', answer(429, 2_000), 1, 2_000],
    ['not when the tokens are used up', answer(429), 1, undefined],
    ['when too many tasks wait, as soon as it says', answer(503, 3_000), 1, 3_000],
    ['at once where it says so', answer(503, 0), 1, 0],
    ['when a proxy has no service behind it', answer(503), 2, 1_000],
    ['when a proxy was not answered', answer(502), 1, 500],
    ['when a proxy has waited too long', answer(504), 1, 500],
    ['not when it is to wait longer than the plan allows', answer(503, 5_001), 1, undefined],
    ['not when it succeeded', answer(200), 1, undefined],
    ['not when it was refused', answer(400), 1, undefined],
    ['not when it hit a bug', answer(500), 1, undefined],
  ])('%s', (_why, outcome, attempt, delayMs) => {
    expect(delayAfter(outcome, attempt, plan, 1)).toBe(delayMs);
  });

  test('never after a longer pause than the plan allows', () => {
    expect(delayAfter('lost', 9, { retries: 10, longestDelayMs: 5_000 }, 1)).toBe(5_000);
  });

  test('by different clients at different times', () => {
    expect(delayAfter('lost', 1, plan, 0)).toBe(250);
  });
});

test.each<[header: string | null, ms: number | undefined]>([
  ['3', 3_000],
  ['0', 0],
  ['Thu, 01 Jan 2026 00:00:10 GMT', 10_000],
  ['Wed, 31 Dec 2025 23:59:59 GMT', 0],
  ['soon', undefined],
  ['', undefined],
  [null, undefined],
])('Retry-After: %s is %s ms', (header, ms) => {
  expect(readRetryAfter(header, Date.UTC(2026, 0, 1))).toBe(ms);
});
