import { accountStates } from '@midjourney-api/shared/accounts/account-states';
import { environmentAccount, listStandings } from '@midjourney-api/shared/accounts/accounts';
import { type MetricsJson, readWorkerMetrics } from '@midjourney-api/shared/metrics/worker-metrics';
import { openStatuses } from '@midjourney-api/shared/tasks/statuses';
import type { Dependencies } from '../dependencies.ts';
import { countOpenTasks } from '../queries/count-open-tasks.ts';
import { withTimeLimit } from '../time-limit.ts';

type Sources = Pick<Dependencies, 'config' | 'db' | 'redis' | 'queues' | 'metrics' | 'log'>;

/** Prometheus gives up after ten seconds; what is known without MySQL or Redis is answered while they are down. */
const limitMs = 1_000;

/**
 * Sets the gauges of what is in MySQL and Redis now. While one of them is down its gauges have no values, so that nobody
 * takes old values for current ones.
 * @returns the metrics of the workers that run.
 */
export async function observePresentState(sources: Sources): Promise<MetricsJson[]> {
  const { metrics } = sources;
  const accounts = await observeMySql(sources);
  const workers = await observeRedis(sources, accounts ?? [environmentAccount]);
  metrics.workers.remove();
  if (workers) metrics.workers.set(workers.length);
  return workers ?? [];
}

/** @returns the names of the accounts; undefined while MySQL is away. */
async function observeMySql({ db, metrics, log }: Sources): Promise<string[] | undefined> {
  const { dependencyUp, accountState, accountUntil, accountHasWorker, openTasks } = metrics;
  const found = await withTimeLimit(Promise.all([listStandings(db), countOpenTasks(db)]), limitMs).catch(
    (err) => log.debug({ err }, 'metrics: mysql is away'),
  );

  for (const gauge of [accountState, accountUntil, accountHasWorker, openTasks]) gauge.reset();
  dependencyUp.set({ dependency: 'mysql' }, found ? 1 : 0);
  if (!found) return undefined;
  const [accounts, open] = found;
  for (const { name, state: present, until, driver } of accounts) {
    for (const state of [...accountStates, 'disabled']) {
      accountState.set({ account: name, state }, state === present ? 1 : 0);
    }
    if (until) accountUntil.set({ account: name }, until.getTime() / 1_000);
    accountHasWorker.set({ account: name }, driver === null ? 0 : 1);
  }
  for (const status of openStatuses) {
    openTasks.set({ status }, open[status]);
  }
  return accounts.map(({ name }) => name);
}

async function observeRedis({ redis, queues, metrics, config, log }: Sources, accounts: string[]) {
  const { dependencyUp, queueJobs } = metrics;
  const countJobs = () =>
    Promise.all(
      queues.every(accounts).map(async (queue) => {
        const {
          prioritized = 0,
          waiting = 0,
          ...counts
        } = await queue.getJobCounts('prioritized', 'waiting', 'active', 'delayed', 'failed');
        return { queue: queue.name, counts: { ...counts, waiting: waiting + prioritized } };
      }),
    );
  const found = await withTimeLimit(
    Promise.all([countJobs(), readWorkerMetrics(redis, config.REDIS_PREFIX)]),
    limitMs,
  ).catch((err) => log.debug({ err }, 'metrics: redis is away'));

  queueJobs.reset();
  dependencyUp.set({ dependency: 'redis' }, found ? 1 : 0);
  if (!found) return undefined;
  const [counted, workers] = found;
  for (const { queue, counts } of counted) {
    for (const [state, jobs] of Object.entries(counts)) queueJobs.set({ queue, state }, jobs);
  }
  return workers;
}
