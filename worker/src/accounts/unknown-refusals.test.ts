import { expect, it } from 'vitest';
import { UnknownRefusals } from './unknown-refusals.ts';

const refusals = (count: number, of: (at: number) => { userId: number; prompt: string }) => {
  const run = new UnknownRefusals();
  return Array.from({ length: count }, (_, at) => run.refused(of(at)));
};

it('are too many at five in a row, of several clients and prompts', () => {
  const seen = refusals(5, (at) => ({ userId: at % 2, prompt: `prompt ${at}` }));
  expect(seen).toEqual([false, false, false, false, true]);
});

it.each([
  ['client', (at: number) => ({ userId: 1, prompt: `prompt ${at}` })],
  ['prompt', (at: number) => ({ userId: at, prompt: 'the same' })],
])('are never too many of one %s', (_name, of) => {
  expect(refusals(20, of)).not.toContain(true);
});

it('begin again after a drawing', () => {
  const run = new UnknownRefusals();
  for (let round = 0; round < 5; round++) {
    for (let at = 0; at < 4; at++) expect(run.refused({ userId: at, prompt: `${at}` })).toBe(false);
    run.drew();
  }
});
