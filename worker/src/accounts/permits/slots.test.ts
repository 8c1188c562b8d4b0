import { unpaced } from '@midjourney-api/shared/accounts/account.fixture';
import type { Pacing } from '@midjourney-api/shared/accounts/pacing/pacing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pace } from './pace.ts';
import type { Send } from './pacing.ts';
import { Slots } from './slots.ts';

const never = new AbortController().signal;
const picture: Send = { work: 'picture', speed: null };
const video: Send = { work: 'video', speed: null };
const pick: Send = { work: 'nothing', speed: null };

function openSlots(pictures: number, pacing: Partial<Pacing> = {}, onFree?: () => void) {
  const pace = new Pace({ ...unpaced, ...pacing });
  return new Slots({ pictures, videos: pace.pacing.videos, pace, ...(onFree && { onFree }) });
}

/** What has been served so far. */
function line() {
  const served: string[] = [];
  return { served, note: (name: string) => () => void served.push(name) };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('Slots', () => {
  it('lets no more in than there are, and the next when one leaves', async () => {
    const slots = openSlots(2);
    const { served, note } = line();
    const [first] = await Promise.all([slots.acquire(picture, 0, never), slots.acquire(picture, 0, never)]);
    slots.acquire(picture, 0, never).then(note('third'));
    await settled();
    expect(served).toEqual([]);
    first.release();
    first.release();
    await settled();
    expect(served).toEqual(['third']);
    expect(slots.used).toBe(2);
  });

  it('gives a slot to what waits for it before it is free for a new drawing', async () => {
    const { served, note } = line();
    const slots = openSlots(1, {}, () => slots.isFreeFor(picture) && note('free')());
    const slot = await slots.acquire(picture, 0, never);
    expect(slots.tryAcquire(picture)).toBeUndefined();
    const followUp = slots.acquire(picture, 0, never);
    followUp.then(note('follow-up'));
    slot.release();
    expect(slots.isFreeFor(picture)).toBe(false);
    (await followUp).release();
    expect(slots.isFreeFor(picture)).toBe(true);
    expect(served).toEqual(['follow-up', 'free']);
  });

  it('counts what is at Midjourney already, and lets nothing in until there is room again', async () => {
    const slots = openSlots(1);
    const { served, note } = line();
    const [one, two] = [slots.occupy(picture), slots.occupy(picture)];
    expect(slots.isOverfullFor(picture)).toBe(true);
    slots.acquire(picture, 0, never).then(note('drawing'));
    one.release();
    await settled();
    expect(served).toEqual([]);
    two.release();
    await settled();
    expect(served).toEqual(['drawing']);
  });

  it('serves those that wait by their priority', async () => {
    const slots = openSlots(1);
    const { served, note } = line();
    const slot = await slots.acquire(picture, 0, never);
    for (const priority of [120, 60, 180, 60]) {
      slots.acquire(picture, priority, never).then((next) => {
        note(String(priority))();
        next.release();
      });
    }
    slot.release();
    await settled();
    expect(served).toEqual(['60', '60', '120', '180']);
  });

  it('forgets what gave up waiting', async () => {
    const slots = openSlots(1);
    const slot = await slots.acquire(picture, 0, never);
    const leaving = new AbortController();
    const waiting = slots.acquire(picture, 0, leaving.signal);
    leaving.abort(new Error('left'));
    await expect(waiting).rejects.toThrow('left');
    slot.release();
    expect(slots.used).toBe(0);
  });

  it('has videos in slots of their own, where there are some', async () => {
    const slots = openSlots(1, { videos: 2 });
    const held = [slots.tryAcquire(picture), slots.tryAcquire(video), slots.tryAcquire(video)];
    expect(held.every(Boolean)).toBe(true);
    expect([slots.isFreeFor(picture), slots.isFreeFor(video), slots.used]).toEqual([false, false, 3]);
    const { served, note } = line();
    slots.acquire(picture, 0, never).then(note('picture'));
    slots.acquire(video, 9, never).then(note('video'));
    held[1]?.release();
    await settled();
    expect(served).toEqual(['video']);
    expect(openSlots(1).tryAcquire(video)).toBeDefined();
  });
});

describe('an account that paces itself', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it('keeps its gap, and serves what waits before it is free for a new drawing', async () => {
    const { served, note } = line();
    const slots = openSlots(9, { min_gap: 2 }, () => slots.isFreeFor(picture) && note('free')());
    slots.tryAcquire(picture);
    expect(slots.tryAcquire(picture)).toBeUndefined();
    const paced = vi.fn();
    slots.acquire(pick, 0, never, paced).then(note('press'));
    await vi.advanceTimersByTimeAsync(1_999);
    expect(served).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(served).toEqual(['press']);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(served).toEqual(['press', 'free']);
    expect(paced).not.toHaveBeenCalled();
  });

  it('lets picks pass what has to wait for the next hour, which takes no slot', async () => {
    const { served, note } = line();
    const slots = openSlots(2, { per_hour: 1 });
    slots.tryAcquire(picture)?.sending();
    const paced = vi.fn();
    slots.acquire(picture, 0, never, paced).then(note('variation'));
    slots.acquire(pick, 1, never).then(note('pick'));
    await settled();
    expect(served).toEqual(['pick']);
    expect(paced).toHaveBeenCalledWith(expect.stringContaining('1 times in an hour'));
    await vi.advanceTimersByTimeAsync(3_600_000);
    // Its slot is that of the first one's only when that has left.
    expect(served).toEqual(['pick']);
  });

  it('counts what was sent, not what was only allowed', async () => {
    const slots = openSlots(9, { per_hour: 1 });
    const first = slots.tryAcquire(picture);
    expect(slots.isFreeFor(picture)).toBe(false);
    first?.sending();
    first?.notSent();
    first?.release();
    const second = slots.tryAcquire(picture);
    second?.sending();
    second?.release();
    expect(slots.isFreeFor(picture)).toBe(false);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(slots.isFreeFor(picture)).toBe(true);
  });
});
