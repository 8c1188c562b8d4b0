import { describe, expect, it } from 'vitest';
import { retryTime } from './retry-time.ts';

const now = new Date('2026-01-02T03:04:05.000Z');
const after = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
const patienceMs = 30 * 60_000;

describe('retryTime', () => {
  it.each<[string, number | null, number | undefined, number | undefined]>([
    ['the first time half a minute', null, undefined, 30],
    ['then as long as it has waited already', -60, undefined, 60],
    ['but eight minutes at most', -900, undefined, 480],
    ['not longer than its patience in all', -1_700, undefined, undefined],
    ['until the time that Midjourney names, to the second', null, 20, 21],
    ['however long it waited before', -900, 20, 21],
    ['not until a time beyond its patience', null, 1_801, undefined],
    ['as if no time were named when that has passed', null, -1, 30],
  ])('%s', (_, postponedAt, until, expected) => {
    const given = {
      postponedAt: postponedAt === null ? null : after(postponedAt),
      until: until === undefined ? undefined : after(until),
      patienceMs,
    };
    expect(retryTime(given, now, 0)).toEqual(expected === undefined ? undefined : after(expected));
  });

  it('spreads what was refused together over a tenth of the wait', () => {
    const given = { until: undefined, postponedAt: null, patienceMs };
    expect([0, 0.5, 1].map((spread) => retryTime(given, now, spread))).toEqual([30, 31.5, 33].map(after));
  });
});
