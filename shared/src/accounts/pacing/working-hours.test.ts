import { describe, expect, it } from 'vitest';
import { nextWorkingTime, parseWorkingHours } from './working-hours.ts';

describe('parseWorkingHours', () => {
  it.each([
    ['08:00-23:00', { from: 480, to: 1380, zone: 'UTC' }],
    ['22:30-06:15@Europe/Berlin', { from: 1350, to: 375, zone: 'Europe/Berlin' }],
    ['8:00-23:00', undefined],
    ['08:00-24:00', undefined],
    ['08:60-09:00', undefined],
    ['08:00-08:00', undefined],
    ['08:00-23:00@Europe/Atlantis', undefined],
    ['08:00-23:00@', undefined],
    ['always', undefined],
  ])('%s', (text, hours) => {
    expect(parseWorkingHours(text)).toEqual(hours);
  });
});

describe('nextWorkingTime', () => {
  it.each([
    ['08:00-23:00', '2026-11-26T08:00:00Z', '2026-11-26T08:00:00Z'],
    ['08:00-23:00', '2026-11-26T22:59:59Z', '2026-11-26T22:59:59Z'],
    ['08:00-23:00', '2026-11-26T23:00:00Z', '2026-11-27T08:00:00Z'],
    ['08:00-23:00', '2026-11-26T07:59:59.999Z', '2026-11-26T08:00:00Z'],
    ['22:00-06:00', '2026-11-26T23:30:00Z', '2026-11-26T23:30:00Z'],
    ['22:00-06:00', '2026-11-26T03:00:00Z', '2026-11-26T03:00:00Z'],
    ['22:00-06:00', '2026-11-26T12:00:30Z', '2026-11-26T22:00:00Z'],
    ['08:00-23:00@Europe/Berlin', '2026-11-26T22:30:00Z', '2026-11-27T07:00:00Z'],
    ['08:00-23:00@Asia/Kathmandu', '2026-11-26T02:00:00Z', '2026-11-26T02:15:00Z'],
    // The clocks go forward at 02:00, and back at 03:00.
    ['08:00-23:00@Europe/Berlin', '2026-03-28T22:00:00Z', '2026-03-29T06:00:00Z'],
    ['08:00-23:00@Europe/Berlin', '2026-10-24T21:00:00Z', '2026-10-25T07:00:00Z'],
    ['02:30-12:00@Europe/Berlin', '2026-03-29T00:00:00Z', '2026-03-29T01:30:00Z'],
  ])('%s: from %s on it is %s', (text, at, next) => {
    const hours = parseWorkingHours(text);
    if (!hours) throw new Error(`${text} is not read`);
    expect(new Date(nextWorkingTime(hours, Date.parse(at))).toISOString()).toBe(new Date(next).toISOString());
  });
});
