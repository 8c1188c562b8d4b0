import { until } from '../../system/until.ts';
import { type Bench, type BenchCase, WrongAnswers } from '../bench-case.ts';
import { type DrawingSystem, withDrawingSystem } from '../drawing-system.ts';
import { medianRecord } from '../measures/statistics.ts';
import { cpuMs, cpuMsSince, forgetPeaks, peakMb } from '../measures/usage.ts';
import type { Measurement } from '../outcome.ts';
import { submitOf } from '../submit-sides.ts';

const connections = 16;
/** For each second of a measurement. Until then the processes still compile what runs often. */
const warmUpTasks = 400;
const fewest = 200;

export const wholeTasks: BenchCase = {
  name: 'whole-tasks',
  about: 'from submit to stored picture, drawing time 0, 4 accounts × 12, one prepared picture',
  run: (bench) =>
    withDrawingSystem(
      bench,
      { userCount: 100, accountCount: 4, concurrency: 12, drawMs: 0 },
      async (system) => measure(bench, system),
    ),
};

interface Drawn {
  perSecond: number;
  cpuMs: Record<string, number>;
  peakMb: Record<string, number>;
}

async function measure(bench: Bench, system: DrawingSystem): Promise<Measurement[]> {
  const { perSecond } = await drawTasks(bench, system, Math.round(bench.seconds * warmUpTasks));
  const count = Math.max(fewest, Math.round(perSecond * bench.seconds * 2));
  const rounds: Drawn[] = [];
  for (let round = 0; round < bench.rounds; round++) rounds.push(await drawTasks(bench, system, count));
  await checkDrawings(system);
  const shared = {
    cpuMs: medianRecord(rounds.map((round) => round.cpuMs)),
    peakMb: medianRecord(rounds.map((round) => round.peakMb)),
  };
  return [
    {
      name: 'whole tasks',
      unit: 'tasks/s',
      rounds: rounds.map((round) => round.perSecond),
      target: { of: 'value', atLeast: 150 },
      ...shared,
    },
    {
      name: 'whole tasks, api + worker',
      unit: 'CPU-ms',
      rounds: rounds.map((round) => (round.cpuMs.api ?? 0) + (round.cpuMs.worker ?? 0)),
      target: { of: 'value', atMost: 6 },
      ...shared,
    },
  ];
}

/** Submits so many tasks at once, faster than they are drawn, and waits until all have succeeded. */
async function drawTasks(bench: Bench, system: DrawingSystem, count: number): Promise<Drawn> {
  const { api, database, processes } = system;
  const before = await countTasks(system);
  forgetPeaks(processes);
  const cpuBefore = cpuMs(processes);
  const began = Date.now();
  const { statuses } = await bench.load.send({
    url: api.url,
    requests: database.users.map(({ appKey }) => submitOf(appKey)),
    connections,
    amount: count,
  });
  if (statuses[200] !== count) {
    throw new WrongAnswers(`${count} submits were answered with ${JSON.stringify(statuses)}`);
  }
  await until(
    `${count} tasks have ended`,
    async () =>
      (
        await database.numbers(
          "SELECT COUNT(*) AS open FROM tasks WHERE status IN ('queued', 'submitted', 'running')",
        )
      ).open === 0,
    300_000,
  );
  const used = cpuMsSince(cpuBefore, processes);
  const { finished_at } = await database.numbers(
    'SELECT UNIX_TIMESTAMP(MAX(finished_at)) * 1000 AS finished_at FROM tasks',
  );
  const after = await countTasks(system);
  const grown = Object.fromEntries(
    Object.entries(after).map(([what, now]) => [what, now - (before[what] ?? 0)]),
  );
  if (Object.values(grown).some((more) => more !== count)) {
    throw new WrongAnswers(
      `${count} tasks should have succeeded, each paid for once: ${JSON.stringify(grown)}`,
    );
  }
  return {
    perSecond: (count * 1_000) / ((finished_at ?? Number.NaN) - began),
    cpuMs: Object.fromEntries(Object.entries(used).map(([name, ms]) => [name, ms / count])),
    peakMb: peakMb(processes),
  };
}

/** What each task that succeeds adds one to. */
function countTasks({ database }: DrawingSystem): Promise<Record<string, number>> {
  return database.numbers(`
    SELECT (SELECT COUNT(*) FROM tasks) AS tasks,
           (SELECT COUNT(*) FROM tasks WHERE status = 'succeeded') AS succeeded,
           (SELECT COUNT(*) FROM tasks WHERE image_file IS NOT NULL) AS pictures,
           (SELECT SUM(token_use) FROM user_info) AS tokens_used,
           (SELECT COUNT(*) FROM token_ledger WHERE kind = 'reserve') AS reserved,
           (SELECT COUNT(*) FROM token_ledger WHERE kind = 'spend') AS spent`);
}

/** @throws WrongAnswers unless each task was drawn once. */
async function checkDrawings({ database, midjourney }: DrawingSystem): Promise<void> {
  const { tasks } = await database.numbers('SELECT COUNT(*) AS tasks FROM tasks');
  const jobs = await midjourney.jobs();
  const drawn = new Set(jobs.map(({ prompt }) => /<#(\d+)#>/.exec(prompt)?.[1]));
  if (jobs.length !== tasks || drawn.size !== tasks) {
    throw new WrongAnswers(`${tasks} tasks, but ${jobs.length} drawings of ${drawn.size} tasks`);
  }
}
