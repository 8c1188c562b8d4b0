import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { runChaos } from './chaos.ts';

it('holds what must hold while everything goes wrong: a short run of test:chaos', async () => {
  const seed = randomInt(2 ** 31);
  const { broken, tasks } = await runChaos({ seed, tasks: 150 });
  expect({ seed, broken }).toEqual({ seed, broken: [] });
  // What no account could take at that moment was refused.
  expect(tasks).toBeGreaterThan(120);
}, 420_000);
