import { expect, it } from 'vitest';
import { createTurns } from './turns.ts';

const latest = () => 1;

it('a user has so many turns and no more, whatever others have', () => {
  const turns = createTurns(2);
  const [first, second] = [turns.take(1), turns.take(1)];
  expect([first, second]).not.toContain(undefined);
  expect(turns.take(1)).toBeUndefined();
  expect(turns.take(2)).toBeDefined();
  first?.();
  expect(turns.take(1)).toBeDefined();
  expect(turns.take(1)).toBeUndefined();
});

it('those who wait come back one after another, as fast as turns have ended recently', () => {
  let now = 0;
  const turns = createTurns(2, () => now, latest);
  turns.take(1);
  for (let i = 0; i < 50; i++) {
    const end = turns.take(1);
    now += 20;
    end?.();
  }
  turns.take(1);
  expect(
    [turns.comeBackIn(1), turns.comeBackIn(1), turns.comeBackIn(1)].map((ms) => Math.round(ms / 10)),
  ).toEqual([1, 2, 3]);
});

it('no wait for a slow hook is longer than five seconds at a time', () => {
  let now = 0;
  const turns = createTurns(1, () => now, latest);
  turns.take(1);
  const waits = Array.from({ length: 500 }, () => turns.comeBackIn(1));
  expect(Math.max(...waits)).toBe(5_000);
  now += 5_000;
  expect(turns.comeBackIn(1)).toBeLessThan(1_000);
});

it('a delivery that finds no turn taken comes back at once', () => {
  const turns = createTurns(1);
  turns.take(1)?.();
  expect(turns.comeBackIn(1)).toBe(0);
});
