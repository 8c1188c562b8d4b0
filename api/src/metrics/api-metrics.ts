import { createRefunds, type Refunds } from '@midjourney-api/shared/tasks/task-ends';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Every metric of an api process. Labels take few, known values only: never ids, nor what a client sent. */
export interface ApiMetrics {
  registry: Registry;
  submits: Counter<'outcome'>;
  requests: Histogram<'method' | 'route' | 'status'>;
  resultEvents: Counter<'type' | 'applied'>;
  refunds: Refunds;
  lateResults: Counter;
  takenResults: Counter;
  drawingTime: Histogram<'trigger_type'>;
  downgrades: Counter<'kind'>;
  promptHook: Counter<'outcome'>;
  openTasks: Gauge<'status'>;
  queueJobs: Gauge<'queue' | 'state'>;
  accountState: Gauge<'account' | 'state'>;
  accountUntil: Gauge<'account'>;
  accountHasWorker: Gauge<'account'>;
  workers: Gauge;
  dependencyUp: Gauge<'dependency'>;
}

export function createApiMetrics(): ApiMetrics {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    submits: new Counter({
      name: 'midjourney_submits_total',
      help: 'Answered submits: accepted, replayed (a repeated Idempotency-Key), or the code of the error.',
      labelNames: ['outcome'],
      registers,
    }),
    requests: new Histogram({
      name: 'midjourney_http_request_seconds',
      help: 'Time until the answer began. Routes with "?wait" wait for a change on purpose.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
      registers,
    }),
    resultEvents: new Counter({
      name: 'midjourney_result_events_total',
      help: 'Events that workers reported to the result webhook, and whether they changed their task.',
      labelNames: ['type', 'applied'],
      registers,
    }),
    refunds: createRefunds(registry),
    lateResults: new Counter({
      name: 'midjourney_late_results_total',
      help: 'Pictures that came after their task was given up.',
      registers,
    }),
    takenResults: new Counter({
      name: 'midjourney_taken_results_total',
      help: "Messages that were matched to a task although they are another task's result; nothing changed.",
      registers,
    }),
    drawingTime: new Histogram({
      name: 'midjourney_task_drawing_seconds',
      help: "Time from Midjourney's start to its picture, of tasks that succeeded.",
      labelNames: ['trigger_type'],
      buckets: [1, 5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1_800],
      registers,
    }),
    downgrades: new Counter({
      name: 'midjourney_downgrades_total',
      help: 'Pictures that Midjourney drew with another model, or at another speed, than the prompt asked for.',
      labelNames: ['kind'],
      registers,
    }),
    promptHook: new Counter({
      name: 'midjourney_prompt_hook_total',
      help: 'Prompts that the PROMPT_HOOK was asked about: accepted, changed, refused, or failed.',
      labelNames: ['outcome'],
      registers,
    }),
    openTasks: new Gauge({
      name: 'midjourney_open_tasks',
      help: 'Tasks in MySQL that have not ended.',
      labelNames: ['status'],
      registers,
    }),
    queueJobs: new Gauge({
      name: 'midjourney_queue_jobs',
      help: 'Jobs in Redis.',
      labelNames: ['queue', 'state'],
      registers,
    }),
    accountState: new Gauge({
      name: 'midjourney_account_state',
      help: '1 for the state that the account is in.',
      labelNames: ['account', 'state'],
      registers,
    }),
    accountUntil: new Gauge({
      name: 'midjourney_account_until_timestamp_seconds',
      help: 'When a refused account, or one that draws nothing new now, may draw again, where that is known; in seconds since 1970.',
      labelNames: ['account'],
      registers,
    }),
    accountHasWorker: new Gauge({
      name: 'midjourney_account_driven',
      help: '1 when a worker has the account.',
      labelNames: ['account'],
      registers,
    }),
    workers: new Gauge({
      name: 'midjourney_workers',
      help: 'Worker processes that have reported within 15 seconds.',
      registers,
    }),
    dependencyUp: new Gauge({
      name: 'midjourney_dependency_up',
      help: '1 when this api reaches it: mysql, redis.',
      labelNames: ['dependency'],
      registers,
    }),
  };
}
