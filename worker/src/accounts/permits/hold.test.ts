import { unpaced } from '@midjourney-api/shared/accounts/account.fixture';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pace } from './pace.ts';
import { Slots } from './slots.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-01-02T03:04:05Z') });
});
afterEach(() => vi.useRealTimers());

const picture = { work: 'picture', speed: null } as const;
const openSlots = (pictures: number, onFree: () => void) =>
  new Slots({ pictures, videos: null, pace: new Pace(unpaced), onFree });
const inMs = (ms: number) => new Date(Date.now() + ms);

it('while an account is held nothing gets a slot, and afterwards those that waited do', async () => {
  const onFree = vi.fn();
  const slots = openSlots(2, onFree);
  const drawing = slots.occupy(picture);
  slots.hold.until(inMs(1_000));
  expect([slots.isFreeFor(picture), slots.tryAcquire(picture)]).toEqual([false, undefined]);
  const followUp = slots.acquire(picture, 1, new AbortController().signal);
  drawing.release();
  await vi.advanceTimersByTimeAsync(999);
  expect([slots.used, onFree.mock.calls.length]).toEqual([0, 0]);
  await vi.advanceTimersByTimeAsync(1);
  await followUp;
  expect([slots.used, onFree.mock.calls.length]).toEqual([1, 1]);
});

it('a shorter hold does not end a longer one, and lifting it does', () => {
  const onFree = vi.fn();
  const { hold } = openSlots(1, onFree);
  hold.until(inMs(2_000));
  hold.until(inMs(1_000));
  vi.advanceTimersByTime(1_500);
  expect([hold.isOn, onFree.mock.calls.length]).toEqual([true, 0]);
  hold.lift();
  hold.lift();
  expect([hold.isOn, onFree.mock.calls.length]).toEqual([false, 1]);
  vi.advanceTimersByTime(1_000);
  expect(onFree).toHaveBeenCalledOnce();
});
