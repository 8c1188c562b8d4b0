import { setTimeout as delay } from 'node:timers/promises';
import { listAccounts } from '@midjourney-api/shared/accounts/accounts';
import { openStatuses } from '@midjourney-api/shared/tasks/statuses';
import { createUser } from '@midjourney-api/shared/users/users';
import { createClient } from '../../client/src/index.ts';
import { type HookReceiver, openHookReceiver } from '../hook-receiver.ts';
import { Customer } from './customer.ts';
import { strikeAll } from './faults.ts';
import { overfilledAccounts } from './invariants/limits.ts';
import { wrongNotices } from './invariants/notices.ts';
import { wrongResults } from './invariants/results.ts';
import { wrongTokens } from './invariants/tokens.ts';
import { MjProtocol } from './mj-protocol.ts';
import { Random } from './random.ts';
import { type RunRecord, readRecord } from './record.ts';
import { type Sessions, Stage } from './stage.ts';

export interface ChaosOptions {
  /** The same seed gives the same customers' choices and the same faults in the same order. */
  seed: number;
  tasks: number;
  /** How long a process may be frozen, in milliseconds; 5 seconds at least. */
  longestFreezeMs?: number;
  sessions?: Sessions;
  say?: (line: string) => void;
}

export interface ChaosSummary {
  seed: number;
  seconds: number;
  tasks: number;
  succeeded: number;
  /** How many tasks failed, by fail_code. */
  failed: Record<string, number>;
  /** What Midjourney drew for tasks that had failed, and nobody was given. */
  drawnInVain: number;
  /** How many tasks came of windows that a client of the mj-proxy protocol filled in. */
  fromWindows: number;
  /** Results that were compared with what Midjourney made. */
  compared: { pictures: number; texts: number };
  /** How often each fault occurred. */
  faults: Record<string, number>;
  /** The most megabytes that a process of each name held. */
  memory: Record<string, number>;
  /** The invariants that were violated. */
  broken: string[];
}

const customers = 12;
/** None of the service's own processes may hold more megabytes than this, however long the run. */
const memoryLimit = 500;
const endsWithinMs = 600_000;
/** Customers' programs retry soon, and often. */
const likeCustomers = { patienceMs: 4_000, retries: 3, longestDelayMs: 500 };

/**
 * Runs the service as `npm start` does, lets several customers use it while everything goes wrong that can, and then
 * compares all that is left with Midjourney's own record.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosSummary> {
  const { seed, tasks, longestFreezeMs = 6_000, sessions = 'mixed', say = () => {} } = options;
  const began = Date.now();
  const stage = await Stage.start(sessions);
  const hooks = await openHookReceiver();
  let keep = true;
  try {
    misbehave(hooks, seed);
    const { apiUrl } = stage.copy.run;
    const newUser = async (userName: string, role: 'user' | 'operator') => {
      const { appKey } = await createUser(stage.database.db, { userName, tokenTotal: tasks, role });
      return { appKey, mj: createClient({ baseUrl: apiUrl, appKey, ...likeCustomers }) };
    };
    const { mj: operator } = await newUser('chief', 'operator');
    const crowd: Customer[] = [];
    for (let i = 1; i <= customers; i++) {
      const userName = `customer-${i}`;
      const { appKey, mj } = await newUser(userName, 'user');
      const protocol = new MjProtocol(apiUrl, appKey);
      crowd.push(new Customer(userName, mj, { seed, hook: hooks.url, protocol, operator }));
    }

    const struck: string[] = [];
    const memory: Record<string, number> = {};
    const over = new AbortController();
    const watching = watchMemory(stage, memory, over.signal);
    const breaking = strikeAll(seed, { stage, longestFreezeMs, over: over.signal }, (fault) => {
      struck.push(fault);
      say(`  ${fault}`);
    });
    try {
      await Promise.all(crowd.map((customer) => customer.submitMany(Math.ceil(tasks / customers))));
    } finally {
      over.abort();
      await Promise.all([breaking, watching]);
    }
    await stage.midjourney.clearFaults();
    hooks.behave(() => ({ status: 204 }));
    const seconds = () => Math.round((Date.now() - began) / 1_000);
    say(`${tasks} tasks submitted after ${seconds()} s, waiting for them to end`);

    const left = await untilAllIsOver(stage);
    for (const what of left) say(`not over: ${what}`);
    say(`waited until ${seconds()} s, comparing`);
    const taskIds = new Set(
      (await stage.database.db.query.tasks.findMany({ columns: { id: true } })).map(({ id }) => id),
    );
    for (const customer of crowd) customer.settleWindows(taskIds);
    await claimSome(crowd, seed);
    const read = async () => readRecord(stage.database, crowd, await stage.midjourney.jobs(), hooks.notices);
    let record = await read();
    // A notice that was not accepted comes again.
    for (const end = Date.now() + 30_000; wrongNotices(record).length > 0 && Date.now() < end; ) {
      await delay(1_000);
      record = await read();
    }
    const broken = [
      ...(await wrongResults(record)),
      ...wrongTokens(record),
      ...wrongNotices(record),
      ...overfilledAccounts(record.jobs, stage.concurrency),
      ...record.accounts
        .filter(({ state }) => state !== 'ready')
        .map(({ name, state, reason }) => `account ${name} is ${state}: ${reason}`),
      ...Object.entries(memory)
        .filter(([, megabytes]) => megabytes > memoryLimit)
        .map(([name, megabytes]) => `${name} held ${megabytes} MB`),
    ];
    keep = broken.length > 0;
    if (keep) say(`logs: ${stage.logs}`);
    return {
      seed,
      seconds: seconds(),
      ...summary(record),
      faults: countBy(struck),
      memory,
      broken,
    };
  } finally {
    await hooks.close();
    await stage.stop({ keep });
  }
}

/** Customers' servers are no better than others. */
function misbehave(hooks: HookReceiver, seed: number): void {
  const random = Random.of(seed, 'hooks');
  hooks.behave(() => {
    if (random.chance(0.04)) return 'break';
    return { status: random.chance(0.06) ? 500 : 204 };
  });
}

/**
 * Settles when every task and job has ended and every account is ready, or after so long that they never will.
 * @returns what has not come to its end, in words
 */
async function untilAllIsOver({ database: { db }, midjourney }: Stage): Promise<string[]> {
  for (const end = Date.now() + endsWithinMs; ; await delay(500)) {
    const open = await db.query.tasks.findMany({
      columns: { id: true, status: true },
      where: ({ status }, { inArray }) => inArray(status, openStatuses),
    });
    const drawing = (await midjourney.jobs()).filter(
      ({ state }) => state === 'drawing' || state === 'queued',
    );
    const accounts = (await listAccounts(db)).filter(({ state }) => state !== 'ready');
    const left = [
      ...open.map(({ id, status }) => `task ${id} is ${status}`),
      ...drawing.map(({ id, kind, state, nonce }) => `job ${id} (${kind}, nonce ${nonce}) is ${state}`),
      ...accounts.map(({ name, state }) => `account ${name} is ${state}`),
    ];
    if (left.length === 0 || Date.now() > end) return left;
  }
}

/** Some customers want the pictures that came after their tasks had failed. */
async function claimSome(crowd: Customer[], seed: number): Promise<void> {
  for (const customer of crowd) {
    for (const { id } of customer.submissions) {
      const { late_result } = await customer.task(id);
      if (late_result && Random.of(seed, 'claim', id).chance(0.5)) await customer.claim(id);
    }
  }
}

async function watchMemory(stage: Stage, memory: Record<string, number>, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    for (const { name, megabytes } of stage.copy.memory())
      memory[name] = Math.max(memory[name] ?? 0, megabytes);
    await delay(1_000, undefined, { signal: over }).catch(() => {});
  }
}

function summary({
  tasks,
  traced,
}: RunRecord): Pick<
  ChaosSummary,
  'tasks' | 'succeeded' | 'failed' | 'drawnInVain' | 'fromWindows' | 'compared'
> {
  const succeeded = traced.filter(({ task }) => task.status === 'succeeded');
  const texts = succeeded.filter(({ task }) => task.texts !== null).length;
  return {
    tasks: tasks.length,
    succeeded: succeeded.length,
    failed: countBy(tasks.flatMap(({ failCode }) => failCode ?? [])),
    drawnInVain: traced.filter(
      ({ task, jobs }) =>
        task.status === 'failed' && !task.lateResult && jobs.some(({ state }) => state === 'done'),
    ).length,
    fromWindows: traced.filter(({ submission }) => submission.window).length,
    compared: { pictures: succeeded.length - texts, texts },
  };
}

function countBy(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
