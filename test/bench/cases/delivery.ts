import { setTimeout as delay } from 'node:timers/promises';
import { apiPrefix } from '../../../api/src/http/app-env.ts';
import { type BenchCase, WrongAnswers } from '../bench-case.ts';
import { type DrawingSystem, withDrawingSystem } from '../drawing-system.ts';
import { type Latency, latencyOf } from '../measures/statistics.ts';
import { submitOf } from '../submit-sides.ts';

const perSecond = 20;
const drawMs = 400;
/** As many as four accounts draw, so that the processes are as fast as they stay before anything is measured. */
const warmUpPerSecond = 100;

export const delivery: BenchCase = {
  name: 'delivery',
  about: "from Midjourney's final message until a waiting client has its task, 20 tasks/s",
  run: (bench) =>
    withDrawingSystem(bench, { userCount: 100, accountCount: 4, concurrency: 12, drawMs }, async (system) => {
      const count = Math.round(perSecond * bench.seconds * 3);
      await followTasks(system, Math.round(warmUpPerSecond * bench.seconds * 2), warmUpPerSecond);
      const rounds: Latency[] = [];
      for (let round = 0; round < bench.rounds; round++)
        rounds.push(await followTasks(system, count, perSecond));
      return [
        {
          name: 'result to client, p50',
          unit: 'ms',
          perSecond,
          rounds: rounds.map(({ p50 }) => p50),
          target: { of: 'value', atMost: 15 },
        },
        {
          name: 'result to client, p99',
          unit: 'ms',
          perSecond,
          rounds: rounds.map(({ p99 }) => p99),
          target: { of: 'value', atMost: 60 },
        },
      ];
    }),
};

/** Submits tasks evenly, each by a client that waits for it. @returns how long after the final message they knew. */
async function followTasks(system: DrawingSystem, count: number, perSecond: number): Promise<Latency> {
  const following: Promise<{ id: string; seenAt: number }>[] = [];
  const began = performance.now();
  for (let i = 0; i < count; i++) {
    await delay(Math.max(0, began + (i * 1_000) / perSecond - performance.now()));
    const user = system.database.users[i % system.database.users.length];
    following.push(submitAndWait(system.api.url, user?.appKey ?? ''));
  }
  const seen = await Promise.all(following);
  const sentAt = await finalMessages(system);
  return latencyOf(
    seen.map(({ id, seenAt }) => {
      const sent = sentAt.get(id);
      if (sent === undefined) throw new WrongAnswers(`task ${id} has succeeded, but was not drawn`);
      return seenAt - sent;
    }),
  );
}

async function submitAndWait(url: string, appKey: string): Promise<{ id: string; seenAt: number }> {
  const { path, method, headers, body } = submitOf(appKey);
  const submitted = await fetch(url + path, { method, headers, body });
  const { trigger_id: id } = (await submitted.json()) as { trigger_id: string };
  for (let known = ''; ; ) {
    const answer = await fetch(`${url}${apiPrefix}/task/${id}?wait=60`, {
      headers: { authorization: `Bearer ${appKey}`, ...(known && { 'if-none-match': known }) },
    });
    const seenAt = Date.now();
    if (answer.status === 304) continue;
    const task = (await answer.json()) as { status: string };
    if (task.status === 'succeeded') return { id, seenAt };
    if (answer.status !== 200 || task.status === 'failed') {
      throw new WrongAnswers(`task ${id} was answered with ${answer.status} ${JSON.stringify(task)}`);
    }
    known = answer.headers.get('etag') ?? '';
  }
}

/** When the simulator wrote each task's final message to its socket, by the clock of this machine. */
async function finalMessages({ midjourney }: DrawingSystem): Promise<Map<string | undefined, number>> {
  const jobs = await midjourney.jobs();
  return new Map(jobs.map(({ prompt, finishedAt }) => [/<#(\d+)#>/.exec(prompt)?.[1], Number(finishedAt)]));
}
