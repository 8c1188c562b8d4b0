import { defaultPacing, type Pacing } from '@midjourney-api/shared/accounts/pacing/pacing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Send, type SendHistory, whenMaySend } from './pacing.ts';

const noon = Date.parse('2026-11-26T12:00:00Z');
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const picture: Send = { work: 'picture', speed: null };
const pick: Send = { work: 'nothing', speed: null };
const off: Pacing = {
  min_gap: 0,
  per_hour: null,
  per_day: null,
  hours: null,
  videos: null,
  when_fast_ends: null,
};

/** What was sent so long ago. */
function history(lastAgo: number, drawnAgo: number[] = [], fast: SendHistory['fast'] = null): SendHistory {
  return {
    lastSendAt: noon - lastAgo,
    drawings: drawnAgo.map((ago) => noon - ago).sort((a, b) => a - b),
    fast,
  };
}

/** `now`, or in how many seconds. */
function inSeconds(pacing: Partial<Pacing>, past: SendHistory, send = picture): 'now' | number {
  const verdict = whenMaySend({ ...off, ...pacing }, past, noon, send);
  return verdict === 'now' ? 'now' : (verdict.at - noon) / second;
}

const nearlyOut = (ago: number) => ({ isNearlyOut: true, readAt: noon - ago });

describe('whenMaySend', () => {
  it.each<[string, Partial<Pacing>, SendHistory, Send, 'now' | number]>([
    ['without limits', {}, history(0, [0, 0, 0]), picture, 'now'],
    ['at first', defaultPacing, history(Number.POSITIVE_INFINITY), picture, 'now'],
    ['after the gap', { min_gap: 1.5 }, history(1_500), picture, 'now'],
    ['within the gap', { min_gap: 1.5 }, history(1_000), picture, 0.5],
    ['within the gap, a press', { min_gap: 1.5 }, history(1_000), pick, 0.5],
    ['below the most in an hour', { per_hour: 3 }, history(0, [1, 2]), picture, 'now'],
    ['at the most in an hour', { per_hour: 3 }, history(0, [10 * minute, 5, 1]), picture, 50 * 60],
    ['beyond it', { per_hour: 2 }, history(0, [50 * minute, 20 * minute, 1]), picture, 40 * 60],
    ['when the oldest has left the hour', { per_hour: 2 }, history(0, [hour, 1]), picture, 'now'],
    ['at the most in an hour, a pick', { per_hour: 1 }, history(0, [1]), pick, 'now'],
    ['at the most in a day', { per_day: 2 }, history(0, [23 * hour, 2 * hour]), picture, 3_600],
    ['within its hours', { hours: '08:00-23:00' }, history(0), picture, 'now'],
    ['before its hours', { hours: '13:00-23:00' }, history(0), picture, 3_600],
    ['before its hours, a pick', { hours: '13:00-23:00' }, history(0), pick, 3_600],
    ['after its hours', { hours: '08:00-12:00@UTC' }, history(0), picture, 20 * 3_600],
    [
      'when the limit of the day ends after its hours',
      { per_day: 1, hours: '11:00-13:00' },
      history(0, [23 * hour - 30 * minute]),
      picture,
      23 * 3_600,
    ],
    ['with enough fast hours', { when_fast_ends: 'stop' }, history(0), picture, 'now'],
    ['with few', { when_fast_ends: 'stop' }, history(0, [], nearlyOut(minute)), picture, 60 * 60],
    [
      'with few, in relax mode',
      { when_fast_ends: 'stop' },
      history(0, [], nearlyOut(minute)),
      { work: 'picture', speed: 'relax' },
      'now',
    ],
    ['with few, a pick', { when_fast_ends: 'stop' }, history(0, [], nearlyOut(minute)), pick, 'now'],
    [
      'with few, going on in relax mode',
      { when_fast_ends: 'relax' },
      history(0, [], nearlyOut(0)),
      picture,
      'now',
    ],
  ])('%s', (_name, pacing, past, send, expected) => {
    expect(inSeconds(pacing, past, send)).toBe(expected);
  });

  it.each<[Partial<Pacing>, SendHistory, string | undefined]>([
    [{ min_gap: 9 }, history(0), undefined],
    [{ min_gap: 9, per_hour: 1 }, history(0, [1]), 'The account draws at most 1 times in an hour.'],
    [{ per_hour: 1, per_day: 1 }, history(0, [1]), 'The account draws at most 1 times in 24 hours.'],
    [{ hours: '13:00-23:00@Europe/Paris' }, history(0), undefined],
    [
      { hours: '14:00-23:00@Europe/Paris' },
      history(0),
      'The account works from 14:00 to 23:00, Europe/Paris.',
    ],
  ])('says why, unless it is only the gap: %o', (pacing, past, reason) => {
    const verdict = whenMaySend({ ...off, ...pacing }, past, noon, picture);
    expect(verdict === 'now' || verdict.isPause ? undefined : verdict.reason).toBe(reason);
  });
});

const pacings = fc.record<Pacing>({
  min_gap: fc.constantFrom(0, 1.5, 60),
  per_hour: fc.option(fc.integer({ min: 1, max: 5 })),
  per_day: fc.option(fc.integer({ min: 1, max: 20 })),
  hours: fc.constantFrom(null, '08:00-23:00', '22:30-04:00@Europe/Berlin'),
  videos: fc.constant(null),
  when_fast_ends: fc.constant(null),
});

describe('an account that sends as soon as it may', () => {
  it('never exceeds a limit, and sends at every time that it was given', () => {
    fc.assert(
      fc.property(
        pacings,
        fc.array(fc.integer({ min: 0, max: 3 * hour }), { maxLength: 60 }),
        (pacing, rests) => {
          const sent: number[] = [];
          let now = noon;
          for (const rest of rests) {
            now += rest;
            const past = { lastSendAt: sent.at(-1) ?? Number.NEGATIVE_INFINITY, drawings: sent, fast: null };
            const verdict = whenMaySend(pacing, past, now, picture);
            if (verdict !== 'now') {
              expect(verdict.at).toBeGreaterThan(now);
              expect(whenMaySend(pacing, past, verdict.at - 1, picture)).not.toBe('now');
              now = verdict.at;
              expect(whenMaySend(pacing, past, now, picture)).toBe('now');
            }
            sent.push(now);
          }
          for (const [at, time] of sent.entries()) {
            const within = (ms: number) => sent.slice(0, at + 1).filter((each) => each > time - ms).length;
            expect(within(hour)).toBeLessThanOrEqual(pacing.per_hour ?? Number.POSITIVE_INFINITY);
            expect(within(24 * hour)).toBeLessThanOrEqual(pacing.per_day ?? Number.POSITIVE_INFINITY);
            const before = sent[at - 1];
            if (before !== undefined) expect(time - before).toBeGreaterThanOrEqual(pacing.min_gap * second);
            if (pacing.hours === '08:00-23:00') {
              expect(new Date(time).getUTCHours()).toBeGreaterThanOrEqual(8);
              expect(new Date(time).getUTCHours()).toBeLessThan(23);
            }
          }
        },
      ),
    );
  });
});
