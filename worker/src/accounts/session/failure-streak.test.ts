import { expect, it } from 'vitest';
import { FailureStreak } from './failure-streak.ts';

const failures = (count: number, of: (at: number) => { userId: number; prompt: string }) => {
  const streak = new FailureStreak(5);
  return Array.from({ length: count }, (_, at) => streak.add(of(at)));
};

it('points at the account when many failed in a row, of several clients and prompts', () => {
  const seen = failures(5, (at) => ({ userId: at % 2, prompt: `prompt ${at}` }));
  expect(seen).toEqual([false, false, false, false, true]);
});

it.each([
  ['client', (at: number) => ({ userId: 1, prompt: `prompt ${at}` })],
  ['prompt', (at: number) => ({ userId: at, prompt: 'the same' })],
])('never points at the account while it is of one %s', (_name, of) => {
  expect(failures(20, of)).not.toContain(true);
});

it('begins again after something else', () => {
  const streak = new FailureStreak(5);
  for (let round = 0; round < 5; round++) {
    for (let at = 0; at < 4; at++) expect(streak.add({ userId: at, prompt: `${at}` })).toBe(false);
    streak.end();
  }
});
