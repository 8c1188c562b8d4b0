import { holdDefaultAccount } from '@midjourney-api/shared/accounts/account.fixture';
import { connectDatabase } from '@midjourney-api/shared/database/connect';
import { Queue } from 'bullmq';
import type { DatabaseAccess } from '../../scripts/services/mysql.ts';
import { until } from '../system/until.ts';
import { type Bench, WrongAnswers } from './bench-case.ts';
import { type BenchDatabase, createBenchDatabase } from './bench-database.ts';
import type { BenchServices } from './bench-services.ts';
import type { Side } from './compare.ts';
import type { LoadRequest } from './load/plan.ts';
import { withApiAndFloor } from './sides.ts';

const userCount = 100;
const submitPath = '/v1/api/trigger/imagine';
const mjSubmitPath = '/mj/submit/imagine';
const prompt = 'a lighthouse on a cliff at sunset, oil on canvas --ar 3:2';

export interface SubmitSides {
  /** The api; the requests rotate over all users. */
  api: Side;
  /** The api, asked by one user. */
  hotUser: Side;
  /** The api, asked by the mj-proxy protocol; the requests rotate over all users. */
  mj: Side;
  /** The floor; the requests rotate over all users. */
  floor: Side;
}

/** An api and a floor with the same users and tables, each on a database of its own. Nobody takes the tasks. */
export async function withSubmitSides<T>(bench: Bench, use: (sides: SubmitSides) => Promise<T>): Promise<T> {
  const { services } = bench;
  const floorDatabase = await createBenchDatabase(services.db, userCount);
  try {
    return await withApiAndFloor(bench, { userCount, floorDatabase }, async (both) => {
      const { database, installation, api, floor, apiProcesses, floorProcesses } = both;
      await addAccount(database.access);
      const queueOf = (prefix: string) => new Queue('drawings', { connection: services.redis, prefix });
      const [apiQueue, floorQueue] = [queueOf(installation.redisPrefix), queueOf(floor.queuePrefix)];
      const begin = () => emptyAll(services, [database, floorDatabase]);
      const apiSide = (requests: LoadRequest[]): Side => ({
        url: api.url,
        requests,
        processes: apiProcesses,
        status: 200,
        begin,
        check: (answered) => checkSubmits(database, apiQueue, answered),
      });
      const submits = database.users.map(({ appKey }) => submitOf(appKey));
      return use({
        api: apiSide(submits),
        hotUser: apiSide(submits.slice(0, 1)),
        mj: apiSide(database.users.map(({ appKey }) => mjSubmitOf(appKey))),
        floor: {
          url: floor.url,
          requests: floorDatabase.users.map(({ id }) => ({
            method: 'POST',
            path: '/submit',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ user: id, prompt }),
          })),
          processes: floorProcesses,
          status: 200,
          begin,
          check: (answered) => checkSubmits(floorDatabase, floorQueue, answered),
        },
      });
    });
  } finally {
    await floorDatabase.drop();
  }
}

export function submitOf(appKey: string): LoadRequest {
  return {
    method: 'POST',
    path: submitPath,
    headers: { authorization: `Bearer ${appKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ prompt, picurl: null }),
  };
}

function mjSubmitOf(appKey: string): LoadRequest {
  return {
    method: 'POST',
    path: mjSubmitPath,
    headers: { 'mj-api-secret': appKey, 'content-type': 'application/json' },
    body: JSON.stringify({ prompt, base64Array: [], botType: 'MID_JOURNEY' }),
  };
}

/** Makes an account known that would draw what is submitted: without one the mj-proxy protocol refuses. */
async function addAccount(access: DatabaseAccess): Promise<void> {
  const { db, close } = connectDatabase(access);
  await holdDefaultAccount(db);
  await close();
}

async function emptyAll(services: BenchServices, databases: BenchDatabase[]): Promise<void> {
  await Promise.all(databases.map((database) => database.empty()));
  await services.redis.flushall();
}

/** @throws WrongAnswers unless each accepted task is stored, paid for and waiting, and nothing else is. */
export async function checkSubmits(
  database: BenchDatabase,
  queue: Queue,
  accepted: number,
  jobsWithinMs = 5_000,
): Promise<void> {
  const jobs = async () => (await queue.getJobCountByTypes('waiting', 'prioritized')) === accepted;
  const stored = await database.numbers(`
    SELECT (SELECT COUNT(*) FROM tasks) AS tasks,
           (SELECT SUM(token_use) FROM user_info) AS tokens_used,
           (SELECT COUNT(*) FROM token_ledger WHERE kind = 'reserve' AND change_in_use = 1) AS ledger_rows,
           (SELECT COUNT(*) FROM token_ledger JOIN tasks ON tasks.id = task_id AND tasks.user_id = token_ledger.user_id)
             AS paid_tasks,
           (SELECT COUNT(*) FROM user_info u
             WHERE token_use <> (SELECT COUNT(*) FROM tasks WHERE user_id = u.id)) AS wrong_balances`);
  const wanted = {
    tasks: accepted,
    tokens_used: accepted,
    ledger_rows: accepted,
    paid_tasks: accepted,
    wrong_balances: 0,
  };
  if (Object.entries(wanted).some(([what, count]) => stored[what] !== count)) {
    throw new WrongAnswers(`${accepted} submits were accepted, but stored is: ${JSON.stringify(stored)}`);
  }
  // A job may be added in the moment after its answer.
  await until('each accepted task has a job', jobs, jobsWithinMs).catch(async () => {
    const counts = JSON.stringify(await queue.getJobCounts());
    throw new WrongAnswers(`${accepted} submits were accepted, but the queue holds: ${counts}`);
  });
}
