import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { signatureHeaders } from '@midjourney-api/shared/results/signature';
import type { RowDataPacket } from 'mysql2/promise';
import { apiPrefix } from '../../../api/src/http/app-env.ts';
import { until } from '../../system/until.ts';
import { type BenchCase, WrongAnswers } from '../bench-case.ts';
import { type BenchDatabase, createBenchDatabase } from '../bench-database.ts';
import type { WaitingPlan, WaitingReport } from '../load/waiting-clients.ts';
import { type Latency, latencyOf } from '../measures/statistics.ts';
import { peakMb } from '../measures/usage.ts';
import { type Installation, planInstallation, startApi } from '../processes.ts';
import { queueTasks, type StoredTask, storeOpenTasks } from '../stored-tasks.ts';

const clientCount = 5_000;
const changesPerSecond = 50;
const progress = 50;

export const waitingClients: BenchCase = {
  name: 'waiting-clients',
  about:
    '5,000 clients, half by ?wait= and half by events, at one api: its memory, and how soon they are notified',
  async run({ services, rounds, seconds }) {
    const database = await createBenchDatabase(services.db, 100);
    const installation = await planInstallation(services, database.access);
    const stored = await storeOpenTasks(database, { count: clientCount, status: 'running' });
    await queueTasks(services, installation, stored, 'running');
    const api = await startApi(services, installation);
    const clients = startClients();
    try {
      await clients.wait({
        url: api.url,
        clients: stored.map(({ id, appKey }, i) => ({
          taskId: id,
          path: `${apiPrefix}/task/${id}`,
          appKey,
          how: i % 2 === 0 ? 'wait' : 'events',
        })),
      });
      await until('MySQL is left alone', () => isQuiet(database), 60_000);
      const notified: Latency[] = [];
      // Each task once: a client with `wait` is answered and gone then.
      const perRound = Math.min(changesPerSecond * seconds, Math.floor(clientCount / rounds));
      for (let round = 0; round < rounds; round++) {
        const tasks = stored.slice(round * perRound, (round + 1) * perRound);
        notified.push(latencyOf(await changeEach(installation, tasks, clients)));
      }
      const peaks = peakMb({ api: api.pid, ...services.processes });
      return [
        {
          name: 'waiting clients, notified after p99',
          unit: 'ms',
          rounds: notified.map(({ p99 }) => p99),
          target: { of: 'value', atMost: 100 },
          latencyMs: notified[0],
        },
        {
          name: 'waiting clients, api memory',
          unit: 'MB',
          rounds: [peaks.api ?? Number.NaN],
          target: { of: 'value', atMost: 400 },
          peakMb: peaks,
        },
      ];
    } finally {
      await clients.stop();
      await api.stop();
      await database.drop();
    }
  },
};

interface Clients {
  /** Resolves when all of them wait. @throws when one of them was refused. */
  wait(plan: WaitingPlan): Promise<void>;
  /** When the task's client had its next change, in milliseconds since 1970. */
  notified(taskId: string): Promise<number>;
  stop(): Promise<void>;
}

function startClients(): Clients {
  const program = fileURLToPath(new URL('../load/waiting-clients.ts', import.meta.url));
  const child = fork(program, { execArgv: ['--import', import.meta.resolve('tsx')] });
  const waiters = new Map<string, (at: number) => void>();
  const notified = new Map<string, number>();
  let allWait = () => {};
  let fail: (error: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => {});
  child.on('message', (report: WaitingReport) => {
    if (report.is === 'waiting') return allWait();
    if (report.is === 'failed') return fail(new WrongAnswers(`task ${report.taskId}: ${report.reason}`));
    if (!report.text.includes(`"progress":${progress}`)) {
      return fail(new WrongAnswers(`the client of task ${report.taskId} received ${report.text}`));
    }
    notified.set(report.taskId, report.at);
    waiters.get(report.taskId)?.(report.at);
  });
  return {
    wait: (plan) =>
      Promise.race([
        failed,
        new Promise<void>((resolve) => {
          allWait = resolve;
          child.send(plan);
        }),
      ]),
    notified: (taskId) =>
      Promise.race([
        failed,
        new Promise<number>((resolve) => {
          const at = notified.get(taskId);
          if (at !== undefined) resolve(at);
          else waiters.set(taskId, resolve);
        }),
      ]),
    async stop() {
      if (child.exitCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

/** Sends the api progress, as a worker does, evenly. @returns how long after that each client had it, in ms. */
async function changeEach(
  { apiUrl, webhookSecret }: Installation,
  tasks: StoredTask[],
  clients: Clients,
): Promise<number[]> {
  const began = performance.now();
  const changing: Promise<number>[] = [];
  for (const [i, { id }] of tasks.entries()) {
    await delay(Math.max(0, began + (i * 1_000) / changesPerSecond - performance.now()));
    changing.push(change(id));
  }
  return Promise.all(changing);

  async function change(id: string): Promise<number> {
    const body = JSON.stringify({ type: 'generating', id: '1279000000000000000', trigger_id: id, progress });
    const headers = { 'content-type': 'application/json', ...signatureHeaders(webhookSecret, body) };
    const sentAt = Date.now();
    const answer = await fetch(`${apiUrl}${apiPrefix}/midjourney/result`, { method: 'POST', headers, body });
    const result = (await answer.json()) as { applied?: boolean };
    if (!result.applied) throw new WrongAnswers(`task ${id} was not changed: ${JSON.stringify(result)}`);
    return (await clients.notified(id)) - sentAt;
  }
}

/** Whether nobody asks MySQL but for what the api does anyway: all clients wait then. */
async function isQuiet({ pool }: BenchDatabase): Promise<boolean> {
  const questions = async () => {
    const [[row]] = await pool.query<RowDataPacket[]>("SHOW GLOBAL STATUS LIKE 'Questions'");
    return Number(row?.Value);
  };
  const before = await questions();
  await delay(500);
  return (await questions()) - before < 20;
}
