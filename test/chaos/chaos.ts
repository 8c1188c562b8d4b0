import { setTimeout as delay } from 'node:timers/promises';
import { connectDatabase } from '@midjourney-api/shared/database/connect';
import { createUser } from '@midjourney-api/shared/users/users';
import { Client } from '../system/client.ts';
import { SimulatorControl } from '../system/simulator-control.ts';
import { Customer } from './customer.ts';
import { faults } from './faults.ts';
import { brokenInvariants, type Ended } from './invariants.ts';
import { Random } from './random.ts';
import { RunningCopy } from './running-copy.ts';

export interface ChaosOptions {
  /** The same seed gives the same submissions and the same faults in the same order. */
  seed: number;
  tasks: number;
  say?: (line: string) => void;
}

export interface ChaosSummary {
  seed: number;
  seconds: number;
  tasks: number;
  succeeded: number;
  /** How many tasks failed, by fail_code. */
  failed: Record<string, number>;
  /** How often each fault struck. */
  faults: Record<string, number>;
  /** The most megabytes that a process of each name held. */
  memory: Record<string, number>;
  /** Everything that must hold and did not. */
  broken: string[];
}

const customers = 5;
/** None of the service's own processes may hold more megabytes than this, however long the run. */
const memoryLimit = 500;

/**
 * Runs the service as `npm start` does, with two apis and three workers, lets several customers use it while
 * everything goes wrong that can, and then checks from outside what must always hold.
 */
export async function runChaos({ seed, tasks, say = () => {} }: ChaosOptions): Promise<ChaosSummary> {
  const began = Date.now();
  const random = new Random(seed);
  const copy = await RunningCopy.start({
    WORKERS: '3',
    APIS: '2',
    LOG_LEVEL: 'warn',
    SIM_DRAW_MS: '400',
    SIM_BOT_DELAY_MS: '0',
    SIM_CONCURRENCY: '12',
    SIM_LAZY_PICTURES: '1',
    DISCORD_CONCURRENCY: '12',
    ACCOUNT_LEASE_MS: '3000',
    JOB_LOCK_MS: '4000',
    EVIDENCE_WINDOW_MS: '4000',
    START_DEADLINE_MS: '8000',
    PROGRESS_DEADLINE_MS: '8000',
    RATE_LIMIT_PER_KEY: '0',
    RATE_LIMIT_PER_ADDRESS: '0',
  });
  try {
    const { apiUrl, db: access, simulator } = copy.run;
    if (!simulator) throw new Error('There is no simulator.');
    const midjourney = new SimulatorControl(simulator.controlUrl);
    const database = connectDatabase(access);
    const crowd: Customer[] = [];
    for (let i = 1; i <= customers; i++) {
      const { appKey } = await createUser(database.db, { userName: `customer-${i}`, tokenTotal: tasks });
      crowd.push(new Customer(`customer-${i}`, new Client(apiUrl, appKey), new Random(seed + i)));
    }
    await database.close();

    const struck: Record<string, number> = {};
    const memory: Record<string, number> = {};
    const over = new AbortController();
    const breaking = strike({ copy, midjourney, random }, struck, memory, over.signal, say);
    await Promise.all(crowd.map((customer) => customer.submitMany(Math.ceil(tasks / customers))));
    over.abort();
    await breaking;
    await midjourney.clearFaults();
    say(`${tasks} tasks submitted, waiting for them to end`);

    const ended: Ended[] = [];
    for (const customer of crowd) {
      const outcomes = await customer.outcomes(180_000);
      ended.push({ customer, outcomes, tokenUse: await customer.client.tokenUse() });
    }
    const broken = brokenInvariants(ended, await midjourney.jobs());
    for (const [name, megabytes] of Object.entries(memory)) {
      if (megabytes > memoryLimit && ['api', 'worker'].includes(name))
        broken.push(`${name} held ${megabytes} MB`);
    }
    const all = ended.flatMap(({ outcomes }) => [...outcomes.values()]);
    return {
      seed,
      seconds: Math.round((Date.now() - began) / 1_000),
      tasks: all.length,
      succeeded: all.filter(({ status }) => status === 'succeeded').length,
      failed: countBy(all.flatMap(({ fail_code }) => fail_code ?? [])),
      faults: struck,
      memory,
      broken,
    };
  } finally {
    await copy.stop();
  }
}

async function strike(
  context: Parameters<(typeof faults)[string]>[0],
  struck: Record<string, number>,
  memory: Record<string, number>,
  over: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const { copy, random } = context;
  const [first, ...others] = Object.entries(faults);
  if (!first) return;
  while (!over.aborted) {
    const [name, fault] = random.pick([first, ...others]);
    const pause = random.between(300, 1_500);
    say(`  ${name}`);
    struck[name] = (struck[name] ?? 0) + 1;
    await fault(context);
    for (const { name: process, megabytes } of copy.memory()) {
      memory[process] = Math.max(memory[process] ?? 0, megabytes);
    }
    await delay(pause, undefined, { signal: over }).catch(() => {});
  }
}

function countBy(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
