import { expect, it } from 'vitest';
import { createUserSlots } from './user-slots.ts';

const latest = () => 1;

it('a user has so many slots and no more, whatever others have', () => {
  const slots = createUserSlots(2);
  const [first, second] = [slots.take(1), slots.take(1)];
  expect([first, second]).not.toContain(undefined);
  expect(slots.take(1)).toBeUndefined();
  expect(slots.take(2)).toBeDefined();
  first?.();
  expect(slots.take(1)).toBeDefined();
  expect(slots.take(1)).toBeUndefined();
});

it('deliveries that wait come back one after another, as fast as slots have become free recently', () => {
  let now = 0;
  const slots = createUserSlots(2, () => now, latest);
  slots.take(1);
  for (let i = 0; i < 50; i++) {
    const end = slots.take(1);
    now += 20;
    end?.();
  }
  slots.take(1);
  expect(
    [slots.retryInMs(1), slots.retryInMs(1), slots.retryInMs(1)].map((ms) => Math.round(ms / 10)),
  ).toEqual([1, 2, 3]);
});

it('no wait for a slow hook is longer than five seconds at a time', () => {
  let now = 0;
  const slots = createUserSlots(1, () => now, latest);
  slots.take(1);
  const waits = Array.from({ length: 500 }, () => slots.retryInMs(1));
  expect(Math.max(...waits)).toBe(5_000);
  now += 5_000;
  expect(slots.retryInMs(1)).toBeLessThan(1_000);
});

it('a delivery that finds every slot free comes back at once', () => {
  const slots = createUserSlots(1);
  slots.take(1)?.();
  expect(slots.retryInMs(1)).toBe(0);
});
