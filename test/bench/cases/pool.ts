import { setTimeout as delay } from 'node:timers/promises';
import type { RowDataPacket } from 'mysql2/promise';
import { type DrawingRecord, readDrawingRecord } from '../../pool/drawing-record.ts';
import { paceRule, submitTogether } from '../../pool/submit-together.ts';
import { until } from '../../system/until.ts';
import { type Bench, type BenchCase, WrongAnswers } from '../bench-case.ts';
import type { BenchDatabase } from '../bench-database.ts';
import { type DrawingSystem, withDrawingSystem } from '../drawing-system.ts';
import { residentMb } from '../measures/usage.ts';
import type { Measurement } from '../outcome.ts';

/** The users’ loads: one has far more than the others, which should not slow them. */
const loads = [500, 50, 30, 15, 5];
const pool = { userCount: loads.length, accountCount: 10, concurrency: 3, drawMs: 2_000, workerCount: 3 };
const slots = pool.accountCount * pool.concurrency;
/** About two seconds, in no regular order. */
const drawMs = [2_000, 1_500, 2_300, 1_800, 2_500, 1_700, 2_200];

const many = 100;
const steadyMs = 60_000;

export const poolOfAccounts: BenchCase = {
  name: 'pool',
  about: '600 tasks of 5 users on 10 accounts × 3 and 3 workers, also with a worker killed; 100 accounts',
  async run(bench) {
    const rounds: DrawingRecord[] = [];
    for (let round = 0; round < bench.rounds; round++) {
      rounds.push(await withDrawingSystem(bench, pool, (system) => drawAll(system)));
      bench.say(`  ${JSON.stringify(rounds.at(-1))}`);
    }
    const takeover = await withDrawingSystem(bench, pool, drawWhileWorkersComeAndGo);
    return [
      {
        name: 'pool: slots idle while work waits',
        unit: '%',
        rounds: rounds.map(({ idle }) => 100 * idle),
        target: { of: 'value', atMost: 2 },
      },
      {
        name: 'pool: small users done, of the run',
        unit: '%',
        rounds: rounds.map(({ lastDone }) => 100 * Math.max(...lastDone.slice(1))),
        target: { of: 'value', atMost: 25 },
      },
      {
        name: "pool: a killed worker's accounts taken over",
        unit: 's',
        rounds: [takeover],
        target: { of: 'value', atMost: 15 },
      },
      ...(await measureManyAccounts(bench)),
    ];
  },
};

/** @throws WrongAnswers when an account was over its limit, or a task was not drawn exactly once. */
async function drawAll(
  { api, database, midjourney }: DrawingSystem,
  meanwhile: () => Promise<void> = async () => {},
): Promise<DrawingRecord> {
  for (const ms of drawMs) await midjourney.fault(paceRule(ms));
  const keys = database.users.map(({ appKey }) => appKey);
  const [submitted] = await Promise.all([submitTogether(api.url, keys, loads, drawMs), meanwhile()]);
  await until(
    'all have succeeded',
    async () => {
      const { succeeded } = await database.numbers(
        "SELECT COUNT(*) AS succeeded FROM tasks WHERE status = 'succeeded'",
      );
      return succeeded === submitted.length;
    },
    300_000,
  );
  const record = readDrawingRecord(submitted, await midjourney.jobs(), slots);
  if (record.notDrawnOnce.length > 0) {
    throw new WrongAnswers(`not drawn exactly once: ${record.notDrawnOnce.join(', ')}`);
  }
  for (const { userId, maxOpen, concurrency } of await midjourney.accountStats()) {
    if (maxOpen > concurrency) {
      throw new WrongAnswers(
        `the account of ${userId} had ${maxOpen} jobs at a time, its limit is ${concurrency}`,
      );
    }
  }
  return record;
}

/** Kills a worker in the middle, and adds another. @returns in how many seconds its accounts were taken over. */
async function drawWhileWorkersComeAndGo(system: DrawingSystem): Promise<number> {
  const { database, midjourney, workers, addWorker } = system;
  let seconds = Number.NaN;
  await drawAll(system, async () => {
    await until('many are drawn', async () => (await midjourney.jobs()).length > 150, 60_000);
    const [first] = workers;
    await first?.die();
    const diedAt = Date.now();
    await until(
      'others have its accounts',
      async () => {
        const { still_its: stillIts } = await database.numbers(
          'SELECT COUNT(*) AS still_its FROM accounts WHERE driver LIKE ?',
          [`%-${first?.pid}-%`],
        );
        const stats = await midjourney.accountStats();
        // The simulator has an account of its own beside these.
        const listening = stats.filter(({ sessions }) => sessions.length > 0).length;
        return stillIts === 0 && listening === pool.accountCount;
      },
      60_000,
    );
    seconds = (Date.now() - diedAt) / 1_000;
    await addWorker();
  });
  return seconds;
}

/** How long three workers take for a hundred accounts, and whether they then leave them where they are. */
async function measureManyAccounts(bench: Bench): Promise<Measurement[]> {
  const began = Date.now();
  const options = { userCount: 1, accountCount: many, concurrency: 3, drawMs: 0, workerCount: 3 };
  return withDrawingSystem(bench, options, async ({ database, workers }) => {
    const readySeconds = (Date.now() - began) / 1_000;
    const shared = await until('the accounts are shared', async () => {
      const rows = await readLeases(database);
      const own = (worker: string) => rows.filter(({ driver }) => driver === worker).length;
      const shares = [...new Set(rows.map(({ driver }) => driver))].map(own).sort();
      return shares.join() === '33,33,34' && rows;
    });
    const sharedSeconds = (Date.now() - began) / 1_000;
    await delay(steadyMs);
    const later = await readLeases(database);
    const moved = later.filter(
      ({ name, fence }, at) => shared[at]?.name !== name || shared[at]?.fence !== fence,
    );
    if (moved.length > 0)
      throw new WrongAnswers(`${moved.length} accounts moved although no worker came or went`);
    const memory = workers.reduce((sum, { pid }) => sum + residentMb(pid), 0);
    bench.say(
      `  ready after ${readySeconds} s, shared evenly after ${sharedSeconds} s, three workers hold ${memory} MB`,
    );
    return [
      {
        name: 'pool: 100 accounts shared by 3 workers',
        unit: 's',
        rounds: [sharedSeconds],
        target: { of: 'value', atMost: 60 },
      },
    ];
  });
}

interface LeaseRow extends RowDataPacket {
  name: string;
  driver: string;
  fence: number;
}

async function readLeases({ pool }: BenchDatabase): Promise<LeaseRow[]> {
  const [rows] = await pool.query<LeaseRow[]>('SELECT name, driver, fence FROM accounts ORDER BY name');
  return rows;
}
