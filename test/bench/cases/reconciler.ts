import { connectDatabase } from '@midjourney-api/shared/database/connect';
import { createLogger } from '@midjourney-api/shared/logging/logger';
import { openQueues, type Queues } from '@midjourney-api/shared/queues/queues';
import { connectRedis } from '@midjourney-api/shared/redis';
import { requeueLostTasks } from '../../../api/src/reconciler/requeue-lost-tasks.ts';
import { until } from '../../system/until.ts';
import { type Bench, type BenchCase, WrongAnswers } from '../bench-case.ts';
import { type BenchDatabase, createBenchDatabase } from '../bench-database.ts';
import { details, type HowToSend, type Round, type Side, sendRound, warmUp } from '../compare.ts';
import { median } from '../measures/statistics.ts';
import type { Measurement } from '../outcome.ts';
import { type Installation, planInstallation, startApi } from '../processes.ts';
import { storeOpenTasks } from '../stored-tasks.ts';
import { submitOf } from '../submit-sides.ts';

const openTasks = 10_000;

export const reconciler: BenchCase = {
  name: 'reconciler',
  about: 'one look for lost jobs over 10,000 open tasks, all lost and none lost, and submits meanwhile',
  async run(bench) {
    const database = await createBenchDatabase(bench.services.db, 100);
    const installation = await planInstallation(bench.services, database.access);
    await storeOpenTasks(database, { count: openTasks, status: 'queued' });
    try {
      const passes = await measurePasses(bench, database, installation);
      const lostSeconds = median(passes.lost) / 1_000;
      return [
        {
          name: 'reconciler, all lost',
          unit: 'ms',
          rounds: passes.lost,
          target: { of: 'value', atMost: 2_000 },
        },
        {
          name: 'reconciler, none lost',
          unit: 'ms',
          rounds: passes.there,
          target: { of: 'value', atMost: 2_000 },
        },
        await measureSubmits(bench, database, installation, lostSeconds),
      ];
    } finally {
      await database.drop();
    }
  },
};

/** How long one look takes, in ms, when Redis has lost everything, and right after when it has lost nothing. */
async function measurePasses(bench: Bench, database: BenchDatabase, { redisPrefix }: Installation) {
  const { services } = bench;
  const log = createLogger('bench', 'silent');
  const connection = connectDatabase(database.access);
  const redis = connectRedis(services.redisUrl, log, { waiting: true });
  const queues: Queues = openQueues(redis, redisPrefix);
  const look = async (wanted: number) => {
    const began = performance.now();
    const requeued = await requeueLostTasks({ db: connection.db, redis, queues, log }, new Date());
    const took = performance.now() - began;
    if (requeued !== wanted) throw new WrongAnswers(`${requeued} jobs were added again, not ${wanted}`);
    return took;
  };
  const passes = { lost: [] as number[], there: [] as number[] };
  // The first is a warm-up.
  for (let round = 0; round <= bench.rounds; round++) {
    await services.redis.flushall();
    passes.lost.push(await look(openTasks));
    passes.there.push(await look(0));
  }
  await queues.close();
  redis.disconnect();
  await connection.close();
  return { lost: passes.lost.slice(1), there: passes.there.slice(1) };
}

/** Submits while the api adds 10,000 lost jobs again, against submits while it has nothing to do. */
async function measureSubmits(
  bench: Bench,
  database: BenchDatabase,
  installation: Installation,
  passSeconds: number,
): Promise<Measurement> {
  const { services } = bench;
  const { redis } = services;
  const api = await startApi(services, installation);
  const jobs = () => redis.zcard(`${installation.redisPrefix}:drawings:prioritized`);
  const countTasks = async () =>
    (await database.numbers('SELECT COUNT(*) AS tasks FROM tasks')).tasks ?? Number.NaN;
  const everyTaskHasItsJob = async () => (await jobs()) === (await countTasks());
  const side = (begin: () => Promise<void>): Side => {
    let before: number;
    return {
      url: api.url,
      requests: database.users.map(({ appKey }) => submitOf(appKey)),
      processes: { api: api.pid, ...services.processes },
      status: 200,
      begin: async () => {
        before = await countTasks();
        await begin();
      },
      check: async (answered) => {
        const accepted = (await countTasks()) - before;
        if (accepted !== answered) {
          throw new WrongAnswers(`${answered} submits were accepted, but ${accepted} are stored`);
        }
        await until('each task has its job', everyTaskHasItsJob, 30_000);
      },
    };
  };
  const idle = side(() => until('no job is lost', everyTaskHasItsJob, 30_000).then(() => {}));
  const busy = side(async () => {
    await redis.flushall();
    await until('lost jobs are being added', async () => (await jobs()) > 0, 30_000);
  });
  try {
    const perSecond = Math.max(50, (await warmUp(bench, idle, { connections: 64 })) / 4);
    const how: HowToSend = { connections: 64, perSecond };
    const rounds: { measured: Round[]; floor: Round[] } = { measured: [], floor: [] };
    for (let round = 0; round < bench.rounds; round++) {
      // As long as one look takes, so that no answer is from after it.
      rounds.floor.push(await sendRound(bench, idle, how, perSecond * passSeconds));
      rounds.measured.push(await sendRound(bench, busy, how, perSecond * passSeconds));
    }
    return {
      name: 'submit p99, reconciler at work',
      perSecond,
      unit: 'ms',
      rounds: rounds.measured.map(({ latencyMs }) => latencyMs.p99),
      floorRounds: rounds.floor.map(({ latencyMs }) => latencyMs.p99),
      target: { of: 'ratio', atMost: 2 },
      ...details(rounds),
    };
  } finally {
    await api.stop();
  }
}
