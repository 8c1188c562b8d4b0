import { setTimeout as delay } from 'node:timers/promises';
import type { Bench, BenchCase } from '../bench-case.ts';
import { withDrawingSystem } from '../drawing-system.ts';
import { median } from '../measures/statistics.ts';
import { residentMb } from '../measures/usage.ts';

const many = 100;

export const idleSessions: BenchCase = {
  name: 'idle-sessions',
  about: 'memory of a worker for each idle account: 100 accounts against one',
  async run(bench) {
    const rounds: number[] = [];
    for (let round = 0; round < bench.rounds; round++) {
      const one = await idleMb(bench, 1);
      const all = await idleMb(bench, many);
      rounds.push((all - one) / (many - 1));
    }
    return [
      { name: 'worker memory per idle session', unit: 'MB', rounds, target: { of: 'value', atMost: 3 } },
    ];
  },
};

/** What a worker holds that has had so many accounts for a while, in megabytes. */
function idleMb(bench: Bench, accountCount: number): Promise<number> {
  const options = { userCount: 1, accountCount, concurrency: 3, drawMs: 0 };
  return withDrawingSystem(bench, options, async ({ processes }) => {
    const samples: number[] = [];
    // Its garbage goes when V8 likes; there is no event to wait for.
    for (let i = 0; i < 20; i++) {
      await delay((bench.seconds * 1_000) / 10);
      samples.push(residentMb(processes.worker ?? 0));
    }
    return median(samples.slice(10));
  });
}
