import type { Bench, BenchCase } from './bench-case.ts';
import { startBenchServices } from './bench-services.ts';
import { startLoad } from './load/load.ts';
import { judge, type Outcome } from './outcome.ts';

export interface BenchRun {
  outcomes: Outcome[];
  /** Cases that could not be measured, or whose answers were wrong, in words. */
  failures: string[];
  durability: string;
}

export interface BenchOptions {
  cases: BenchCase[];
  seconds: number;
  rounds: number;
  /** Where the folder of the run is made, and removed. */
  parentDir: string;
  say(line: string): void;
}

/** Measures the cases one after the other, even if one fails. */
export async function runBench({ cases, parentDir, ...how }: BenchOptions): Promise<BenchRun> {
  const services = await startBenchServices(parentDir);
  const load = startLoad();
  const bench: Bench = { ...how, services, load };
  const run: BenchRun = { outcomes: [], failures: [], durability: services.durability };
  try {
    for (const { name, run: measure } of cases) {
      how.say(name);
      try {
        run.outcomes.push(...(await measure(bench)).map(judge));
      } catch (error) {
        const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
        run.failures.push(`${name}: ${reason}`);
        how.say(`  FAILED: ${reason}`);
      }
    }
  } finally {
    await load.stop();
    await services.stop();
  }
  return run;
}
