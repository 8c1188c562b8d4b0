import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evenShare } from './even-share.ts';

const shares = (accounts: number, workers: string[]) =>
  workers.map((worker) => evenShare(accounts, workers, worker));

it.each([
  [10, ['a', 'b', 'c'], [4, 3, 3]],
  [10, ['c', 'b', 'a'], [3, 3, 4]],
  [11, ['a', 'b', 'c'], [4, 4, 3]],
  [9, ['a', 'b', 'c'], [3, 3, 3]],
  [100, ['a', 'b', 'c'], [34, 33, 33]],
  [2, ['a', 'b', 'c'], [1, 1, 0]],
  [0, ['a'], [0]],
  [5, ['a'], [5]],
])('%i accounts for the workers %j: %j', (accounts, workers, expected) => {
  expect(shares(accounts, workers)).toEqual(expected);
});

const fleets = fc.record({
  accounts: fc.nat(200),
  workers: fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 8 }),
});

it('is never more than one larger than another, and together they are all accounts', () => {
  fc.assert(
    fc.property(fleets, ({ accounts, workers }) => {
      const all = shares(accounts, workers);
      expect(Math.max(...all) - Math.min(...all)).toBeLessThanOrEqual(1);
      expect(all.reduce((sum, share) => sum + share, 0)).toBe(accounts);
    }),
  );
});

it('of nobody gets smaller when a worker leaves: no account moves that does not have to', () => {
  fc.assert(
    fc.property(fleets, ({ accounts, workers }) => {
      const [, ...left] = workers;
      for (const worker of left) {
        expect(evenShare(accounts, left, worker)).toBeGreaterThanOrEqual(
          evenShare(accounts, workers, worker),
        );
      }
    }),
  );
});
