import { createRefunds, type Refunds } from '@midjourney-api/shared/tasks/task-ends';
import { Counter, Histogram, Registry } from 'prom-client';

/** Every metric of a worker process. Labels take few, known values only: names of accounts, never ids, nor what Discord sent. */
export interface WorkerMetrics {
  registry: Registry;
  waitingTime: Histogram<'trigger_type'>;
  discordRequests: Histogram<'method' | 'route' | 'status'>;
  userTokenRequests: Counter<'account' | 'kind'>;
  unmatchedMessages: Counter;
  refunds: Refunds;
  drift: Counter<'kind'>;
  deliveries: Counter<'type' | 'outcome'>;
}

export function createWorkerMetrics(workerId: string): WorkerMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ worker: workerId });
  const registers = [registry];
  return {
    registry,
    waitingTime: new Histogram({
      name: 'midjourney_task_waiting_seconds',
      help: 'Time from the acceptance of a task until Discord took it.',
      labelNames: ['trigger_type'],
      buckets: [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600],
      registers,
    }),
    discordRequests: new Histogram({
      name: 'midjourney_discord_request_seconds',
      help: "Time until Discord answered, by route and HTTP status; status 'none' when it did not.",
      labelNames: ['method', 'route', 'status'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    userTokenRequests: new Counter({
      name: 'midjourney_user_token_requests_total',
      help: "What was asked of Discord with an account's user token, by kind: interaction, commands, upload, post, history, reaction, links, login, other.",
      labelNames: ['account', 'kind'],
      registers,
    }),
    unmatchedMessages: new Counter({
      name: 'midjourney_unmatched_messages_total',
      help: 'Messages of the Midjourney Bot that belong to no task.',
      registers,
    }),
    refunds: createRefunds(registry),
    drift: new Counter({
      name: 'midjourney_drift_total',
      help: 'What Midjourney sent and this program does not know, by kind; refusals by how they were said: in an embed with a title or without, or in plain text.',
      labelNames: ['kind'],
      registers,
    }),
    deliveries: new Counter({
      name: 'midjourney_result_deliveries_total',
      help: 'Calls of the result webhook: delivered, refused (never to be taken), failed (tried again).',
      labelNames: ['type', 'outcome'],
      registers,
    }),
  };
}
