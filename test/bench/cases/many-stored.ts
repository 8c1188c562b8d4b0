import { Queue } from 'bullmq';
import { apiPrefix } from '../../../api/src/http/app-env.ts';
import { type Bench, type BenchCase, WrongAnswers } from '../bench-case.ts';
import { type BenchDatabase, createBenchDatabase } from '../bench-database.ts';
import { compare, details, type Side, warmUp } from '../compare.ts';
import type { LoadRequest } from '../load/plan.ts';
import type { Measurement } from '../outcome.ts';
import { planInstallation, startApi } from '../processes.ts';
import { type ApiAndFloor, withApiAndFloor } from '../sides.ts';
import { queueTasks, storeFinishedTasks, storeOpenTasks } from '../stored-tasks.ts';
import { submitOf } from '../submit-sides.ts';

const userCount = 100;
const finished = 1_000_000;
const waiting = 10_000;
const connections = 64;
const pageSize = 20;
const laterPage = 1_000;

export const manyStored: BenchCase = {
  name: 'many-stored',
  about: 'with 1,000,000 tasks stored and 10,000 waiting: submits, and GET /tasks, first and 1,000th page',
  run: (bench) =>
    withApiAndFloor(bench, { userCount }, async (both) => {
      bench.say(`  storing ${finished.toLocaleString('en')} tasks`);
      await storeFinishedTasks(both.database, finished);
      const queued = await storeOpenTasks(both.database, { count: waiting, status: 'queued' });
      await queueTasks(bench.services, both.installation, queued, 'queued');
      return [...(await measurePages(bench, both)), await measureSubmits(bench, both)];
    }),
};

async function measurePages(bench: Bench, both: ApiAndFloor): Promise<Measurement[]> {
  const { api, floor, apiProcesses, floorProcesses, database } = both;
  const [owner] = database.users;
  const headers = { authorization: `Bearer ${owner?.appKey}` };
  const [ids] = await database.pool.query('SELECT id FROM tasks WHERE user_id = ? ORDER BY id DESC LIMIT ?', [
    owner?.id,
    laterPage * pageSize,
  ]);
  const newest = (ids as { id: string }[]).map(({ id }) => String(id));
  const floorSide: Side = {
    url: floor.url,
    requests: newest
      .slice(0, 500)
      .map((id): LoadRequest => ({ method: 'GET', path: `/task/${id}`, headers: {} })),
    processes: floorProcesses,
    status: 200,
  };
  const measurements: Measurement[] = [];
  for (const [name, page] of [
    ['GET /tasks, first page', 1],
    ['GET /tasks, 1,000th page', laterPage],
  ] as const) {
    const wanted = newest.slice((page - 1) * pageSize, page * pageSize);
    const before = newest[(page - 1) * pageSize - 1];
    const cursor = before === undefined ? '' : `&cursor=${Buffer.from(before).toString('base64url')}`;
    const path = `${apiPrefix}/tasks?limit=${pageSize}${cursor}`;
    const side: Side = {
      url: api.url,
      requests: [{ method: 'GET', path, headers }],
      processes: apiProcesses,
      status: 200,
      check: () => checkPage(api.url + path, headers, wanted),
    };
    const compared = await compare(bench, side, floorSide, { connections: 1 });
    measurements.push({
      name,
      unit: 'ms',
      rounds: compared.measured.map(({ latencyMs }) => latencyMs.p50),
      floorRounds: compared.floor.map(({ latencyMs }) => latencyMs.p50),
      target: { of: 'ratio', atMost: 3 },
      ...details(compared),
    });
  }
  return measurements;
}

/** @throws WrongAnswers unless the page has these tasks in this order. */
async function checkPage(url: string, headers: Record<string, string>, wanted: string[]): Promise<void> {
  const page = (await (await fetch(url, { headers })).json()) as { data: { trigger_id: string }[] };
  const got = page.data.map(({ trigger_id }) => trigger_id);
  if (got.join() !== wanted.join())
    throw new WrongAnswers(`the page has ${got.join()}, not ${wanted.join()}`);
}

/** At a quarter of what the empty api can take, alternately there and here; the other one is frozen meanwhile. */
async function measureSubmits(bench: Bench, full: ApiAndFloor): Promise<Measurement> {
  const { services } = bench;
  const emptyDatabase = await createBenchDatabase(services.db, userCount);
  const installation = await planInstallation(services, emptyDatabase.access);
  const emptyApi = await startApi(services, installation);
  const queues = [full.installation, installation].map(
    ({ redisPrefix }) => new Queue('drawings', { connection: services.redis, prefix: redisPrefix }),
  );
  const [fullQueue, emptyQueue] = queues;
  const sideOf = (
    { url, pid }: { url: string; pid: number },
    other: { pid: number },
    database: BenchDatabase,
    queue: Queue | undefined,
  ): Side => {
    let before: Stored;
    return {
      url,
      requests: database.users.map(({ appKey }) => submitOf(appKey)),
      processes: { api: pid, ...services.processes },
      status: 200,
      async begin() {
        process.kill(other.pid, 'SIGSTOP');
        process.kill(pid, 'SIGCONT');
        before = await countStored(database, queue);
      },
      async check(answered) {
        const after = await countStored(database, queue);
        const grown = Object.entries(after).map(([what, now]) => [what, now - (before[what] ?? 0)]);
        if (grown.some(([, more]) => more !== answered)) {
          throw new WrongAnswers(`${answered} submits were accepted, but more is: ${JSON.stringify(grown)}`);
        }
      },
    };
  };
  const side = sideOf(full.api, emptyApi, full.database, fullQueue);
  const empty = sideOf(emptyApi, full.api, emptyDatabase, emptyQueue);
  const thaw = () => {
    for (const { pid } of [full.api, emptyApi]) process.kill(pid, 'SIGCONT');
  };
  // A frozen process would not hear that it is to end.
  process.once('exit', thaw);
  try {
    await warmUp(bench, side, { connections });
    const perSecond = (await warmUp(bench, empty, { connections })) / 4;
    const compared = await compare(bench, side, empty, { connections, perSecond });
    return {
      name: 'submit p50, full against empty',
      perSecond,
      unit: 'ms',
      rounds: compared.measured.map(({ latencyMs }) => latencyMs.p50),
      floorRounds: compared.floor.map(({ latencyMs }) => latencyMs.p50),
      target: { of: 'ratio', atMost: 1.2 },
      ...details(compared),
    };
  } finally {
    thaw();
    process.off('exit', thaw);
    await Promise.all(queues.map((queue) => queue.close()));
    await emptyApi.stop();
    await emptyDatabase.drop();
  }
}

type Stored = Record<string, number>;

/** What each accepted submit adds one to. */
async function countStored(database: BenchDatabase, queue: Queue | undefined): Promise<Stored> {
  const stored = await database.numbers(`
    SELECT (SELECT COUNT(*) FROM tasks WHERE status = 'queued') AS tasks,
           (SELECT SUM(token_use) FROM user_info) AS tokens_used,
           (SELECT COUNT(*) FROM token_ledger) AS ledger_rows`);
  return { ...stored, jobs: (await queue?.getJobCountByTypes('waiting', 'prioritized')) ?? 0 };
}
