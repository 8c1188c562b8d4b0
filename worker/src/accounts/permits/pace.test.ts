import { setTimeout } from 'node:timers/promises';
import { unpaced } from '@midjourney-api/shared/accounts/account.fixture';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pace } from './pace.ts';
import type { Send } from './pacing.ts';

const never = new AbortController().signal;
const picture: Send = { work: 'picture', speed: null };
const hour = 3_600_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('in real time', () => {
  beforeEach(() => void vi.useRealTimers());

  it('sends one after the other, with the gap after each answer', async () => {
    const pace = new Pace({ ...unpaced, min_gap: 0.1 });
    const sent: number[] = [];
    const send = async () => {
      pace.sent();
      sent.push(performance.now());
      // As during a rate limit.
      await setTimeout(200);
    };
    await Promise.all([1, 2, 3].map(() => pace.afterGap(never, send)));
    const gaps = sent.slice(1).map((time, at) => time - (sent[at] ?? 0));
    for (const gap of gaps) expect(gap).toBeGreaterThan(295);
  });

  it('lets the next one send when one fails or leaves', async () => {
    const pace = new Pace({ ...unpaced, min_gap: 0.1 });
    const failing = pace.afterGap(never, () => Promise.reject(new Error('no answer')));
    await expect(failing).rejects.toThrow('no answer');
    pace.sent();
    const leaving = new AbortController();
    const left = expect(pace.afterGap(leaving.signal, async () => 'sent')).rejects.toThrow('left');
    leaving.abort(new Error('left'));
    await left;
    expect(await pace.afterGap(never, async () => 'sent')).toBe('sent');
  });
});

it('remembers what was drawn before', () => {
  const pace = new Pace({ ...unpaced, per_hour: 2 });
  pace.remember([new Date(Date.now() - 600_000), new Date(Date.now() - 1_200_000)]);
  expect(pace.verdict(picture)).toMatchObject({ at: Date.now() + hour - 1_200_000 });
});

it('asks for fast hours once an hour, and lets draw again when there are more', async () => {
  const pace = new Pace({ ...unpaced, when_fast_ends: 'stop' });
  const due = vi.fn(() => pace.mayReadFastHours() && pace.fastHoursLeft(3));
  pace.onDue(due);
  expect([pace.mayReadFastHours(), pace.mayReadFastHours()]).toEqual([true, false]);
  pace.fastHoursLeft(0.2);
  expect(pace.verdict(picture)).not.toBe('now');
  expect(pace.prefersRelax).toBe(false);
  await vi.advanceTimersByTimeAsync(hour);
  expect(due).toHaveBeenCalled();
  expect(pace.verdict(picture)).toBe('now');
  pace.close();
});

it('draws in relax mode what names no speed while fast hours are nearly used up', () => {
  const pace = new Pace({ ...unpaced, when_fast_ends: 'relax' });
  expect(pace.prefersRelax).toBe(false);
  pace.fastHoursLeft(0.2);
  expect([pace.prefersRelax, pace.verdict(picture)]).toEqual([true, 'now']);
  pace.fastHoursLeft(0.3);
  expect(pace.prefersRelax).toBe(false);
  pace.close();
});

it('never asks for fast hours where nothing depends on them', () => {
  expect(new Pace(unpaced).mayReadFastHours()).toBe(false);
});
