import { unpaced } from '@midjourney-api/shared/accounts/account.fixture';
import type { AccountRefusal } from '@midjourney-api/shared/accounts/refusal-causes';
import { standingIn } from '@midjourney-api/shared/accounts/standing';
import { createLogger } from '@midjourney-api/shared/logging/logger';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AccountStanding } from '../session/standing.ts';
import { Pace } from './pace.ts';
import { Slots } from './slots.ts';

/** Two days of an account that always has something to draw, in simulated time. */

const midnight = Date.parse('2026-11-26T00:00:00Z');
const minute = 60_000;
const hour = 60 * minute;
const at = (clock: string, day = 26) => Date.parse(`2026-11-${day}T${clock}Z`);
const picture = { work: 'picture', speed: null } as const;
const log = createLogger('test', 'silent');

const check: AccountRefusal = { cause: 'human_check', reason: 'a check', until: null };
const block: AccountRefusal = { cause: 'blocked', reason: 'a block', until: new Date(at('16:00:00')) };

beforeEach(() => void vi.useFakeTimers({ now: midnight }));
afterEach(() => void vi.useRealTimers());

it('keeps to every limit, is silent from each sign of danger on, and is back as allowed', async () => {
  const pacing = { ...unpaced, min_gap: 2, per_hour: 30, per_day: 250, hours: '08:00-23:00' };
  const pace = new Pace(pacing);
  const sent: number[] = [];
  let standing = ready();
  const slots = new Slots({ pictures: 3, videos: null, pace, onFree: draw });

  function ready(): AccountStanding {
    const next = new AccountStanding(standingIn('connecting'), log);
    next.enter({ type: 'up to date' });
    return next;
  }
  function draw(): void {
    for (let slot = take(); slot; slot = take()) {
      slot.sending();
      sent.push(Date.now());
      setTimeout(slot.release, minute);
    }
  }
  function take() {
    return standing.isReady ? slots.tryAcquire(picture) : undefined;
  }
  const then = (time: number, act: () => void) => setTimeout(act, time - midnight);
  const resume = () => {
    standing = ready();
    draw();
  };
  then(at('09:30:00.500'), () => standing.refuse(check));
  then(at('10:00:00'), resume);
  then(at('14:00:00.500'), () => standing.refuse(block));
  then(at('16:00:00'), resume);

  draw();
  for (let passed = 0; passed < 48 * hour; passed += 10 * minute)
    await vi.advanceTimersByTimeAsync(10 * minute);
  pace.close();

  const between = (from: number, to: number) => sent.filter((time) => from <= time && time < to).length;
  for (const [n, time] of sent.entries()) {
    expect(between(time - hour + 1, time + 1)).toBeLessThanOrEqual(30);
    expect(between(time - 24 * hour + 1, time + 1)).toBeLessThanOrEqual(250);
    if (n > 0) expect(time - (sent[n - 1] ?? 0)).toBeGreaterThanOrEqual(2_000);
  }
  // It works, as far as it may: from the first moment of its hours on, and all that the limits leave.
  expect(sent[0]).toBe(at('08:00:00'));
  expect(between(at('08:00:00'), at('09:00:00'))).toBe(30);
  expect([between(midnight, at('08:00:00')), between(at('23:00:00'), at('08:00:00', 27))]).toEqual([0, 0]);
  expect(between(at('09:30:00.500'), at('10:00:00'))).toBe(0);
  expect(between(at('10:00:00'), at('10:00:01'))).toBe(1);
  expect(between(at('14:00:00.500'), at('16:00:00'))).toBe(0);
  expect(between(at('16:00:00'), at('16:00:01'))).toBe(1);
  expect(between(at('08:00:00'), at('23:00:00'))).toBe(250);
});
