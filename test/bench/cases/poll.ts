import { apiPrefix } from '../../../api/src/http/app-env.ts';
import { type BenchCase, WrongAnswers } from '../bench-case.ts';
import { measureThroughput, type Side } from '../compare.ts';
import type { LoadRequest } from '../load/plan.ts';
import { type ApiAndFloor, withApiAndFloor } from '../sides.ts';
import { queueTasks, type StoredTask, storeOpenTasks } from '../stored-tasks.ts';

const connections = 64;
const userCount = 100;
const taskCount = 500;

interface Polled {
  id: string;
  path: string;
  headers: Record<string, string>;
  etag: string;
}

export const poll: BenchCase = {
  name: 'poll',
  about: 'GET /task/{id} of a running task, 64 connections; and with If-None-Match, unchanged',
  run: (bench) =>
    withApiAndFloor(bench, { userCount }, async (both) => {
      const stored = await storeOpenTasks(both.database, { count: taskCount, status: 'running' });
      await queueTasks(bench.services, both.installation, stored, 'running');
      const polled = await readAll(both, stored);
      const floor = floorSide(both, polled);
      return [
        await measureThroughput(
          bench,
          { name: 'poll', atLeast: 0.9, connections },
          apiSide(both, polled, 200),
          floor,
        ),
        await measureThroughput(
          bench,
          { name: 'poll, unchanged', atLeast: 1.5, connections },
          apiSide(both, polled, 304),
          floor,
        ),
      ];
    }),
};

/** Each task, asked for once by its owner. @throws WrongAnswers when it is another one. */
async function readAll({ api }: ApiAndFloor, stored: StoredTask[]): Promise<Polled[]> {
  const polled: Polled[] = [];
  for (const { id, appKey } of stored) {
    const path = `${apiPrefix}/task/${id}`;
    const headers = { authorization: `Bearer ${appKey}` };
    const answer = await fetch(api.url + path, { headers });
    const task = (await answer.json()) as { trigger_id: string; status: string };
    if (task.trigger_id !== id || task.status !== 'running') {
      throw new WrongAnswers(`task ${id} is running, but was answered as ${JSON.stringify(task)}`);
    }
    polled.push({ id, path, headers, etag: answer.headers.get('etag') ?? '' });
  }
  return polled;
}

function apiSide({ api, apiProcesses }: ApiAndFloor, polled: Polled[], status: 200 | 304): Side {
  const requests = polled.map(
    ({ path, headers, etag }): LoadRequest => ({
      method: 'GET',
      path,
      headers: { ...headers, ...(status === 304 && { 'if-none-match': etag }) },
    }),
  );
  return { url: api.url, requests, processes: apiProcesses, status };
}

function floorSide({ floor, floorProcesses }: ApiAndFloor, polled: Polled[]): Side {
  const requests = polled.map(({ id }): LoadRequest => ({ method: 'GET', path: `/task/${id}`, headers: {} }));
  return { url: floor.url, requests, processes: floorProcesses, status: 200 };
}
