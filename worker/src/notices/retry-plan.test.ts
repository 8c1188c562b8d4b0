import { describe, expect, it } from 'vitest';
import { delayBeforeRetry, retryPlan } from './retry-plan.ts';

const createdAt = new Date('2026-01-02T03:00:00.000Z');
const after = (ms: number) => new Date(createdAt.getTime() + ms);
const middle = () => 0.5;

describe('a notice that was not taken', () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [5, 16_000],
    [12, 2_048_000],
    [13, 3_600_000],
    [40, 3_600_000],
  ])('after attempt %i waits about %i ms', (attempts, ms) => {
    expect(delayBeforeRetry({ attempts, createdAt }, after(0), retryPlan, middle)).toBe(ms);
  });

  it('is spread by a quarter to both sides', () => {
    const notice = { attempts: 3, createdAt };
    expect(delayBeforeRetry(notice, after(0), retryPlan, () => 0)).toBe(3_000);
    expect(delayBeforeRetry(notice, after(0), retryPlan, () => 1)).toBe(5_000);
  });

  it('is tried some thirty times in 24 hours, the last time at their end, and then no more', () => {
    let now = createdAt;
    let attempts = 0;
    for (;;) {
      attempts++;
      const delay = delayBeforeRetry({ attempts, createdAt }, now, retryPlan, middle);
      if (delay === undefined) break;
      now = new Date(now.getTime() + delay);
    }
    expect(now).toEqual(after(24 * 60 * 60_000));
    expect(attempts).toBeGreaterThan(30);
    expect(attempts).toBeLessThan(40);
  });
});
