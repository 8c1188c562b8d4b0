import { type Bench, type BenchCase, WrongAnswers } from '../bench-case.ts';
import { measureThroughput, type Side } from '../compare.ts';
import type { LoadRequest } from '../load/plan.ts';
import type { Measurement } from '../outcome.ts';
import { type ApiAndFloor, withApiAndFloor } from '../sides.ts';
import { submitOf } from '../submit-sides.ts';

const connections = 64;
const userCount = 100;

export const rejected: BenchCase = {
  name: 'rejected',
  about: 'submits with a wrong key, and with a right key and a wrong body, against a bare route with JSON',
  run: (bench) =>
    withApiAndFloor(bench, { userCount }, async (both) => {
      const wrongKeys = both.database.users.map(({ appKey }) => submitOf(`${appKey.slice(0, -6)}wrong!`));
      const wrongBodies = both.database.users.map(({ appKey }) => ({
        ...submitOf(appKey),
        body: '{"prompt":7}',
      }));
      return [
        await measure(bench, both, 'rejected by auth', wrongKeys, 403, 0.6),
        await measure(bench, both, 'rejected by validation', wrongBodies, 400, 0.5),
      ];
    }),
};

async function measure(
  bench: Bench,
  { api, floor, apiProcesses, floorProcesses, database }: ApiAndFloor,
  name: string,
  requests: LoadRequest[],
  status: number,
  atLeast: number,
): Promise<Measurement> {
  const side: Side = {
    url: api.url,
    requests,
    processes: apiProcesses,
    status,
    check: async () => {
      const { tasks } = await database.numbers('SELECT COUNT(*) AS tasks FROM tasks');
      if (tasks !== 0) throw new WrongAnswers(`${tasks} tasks were stored for requests that were refused`);
    },
  };
  const floorSide: Side = {
    url: floor.url,
    requests: requests.map(({ body = '' }) => ({
      method: 'POST',
      path: '/json',
      headers: { 'content-type': 'application/json' },
      body,
    })),
    processes: floorProcesses,
    status: 200,
  };
  return measureThroughput(bench, { name, atLeast, connections }, side, floorSide);
}
