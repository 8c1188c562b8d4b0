import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { SimulatorControl } from '../system/simulator-control.ts';
import type { Random } from './random.ts';
import type { RunningCopy } from './running-copy.ts';

interface FaultContext {
  copy: RunningCopy;
  midjourney: SimulatorControl;
  random: Random;
}

type Fault = (context: FaultContext) => Promise<void>;

const interactions = { path: '/interactions' };

/** Everything that goes wrong in a run, by the name it has in the summary. */
export const faults: Record<string, Fault> = {
  'worker killed': (context) => signal(context, 'worker', 'SIGKILL'),
  'worker told to stop': (context) => signal(context, 'worker', 'SIGTERM'),
  // Longer than its lease: when it goes on, another one drives the account.
  'worker frozen': async (context) => freeze(context, 'worker', 5_000),
  'api killed': (context) => signal(context, 'api', 'SIGKILL'),
  'api told to stop': (context) => signal(context, 'api', 'SIGTERM'),
  'redis killed': (context) => signal(context, 'redis', 'SIGKILL'),
  'redis emptied': async ({ copy }) => {
    const redis = new Redis(copy.run.redisUrl, { maxRetriesPerRequest: 1, retryStrategy: () => null });
    redis.on('error', () => {});
    await redis.flushall().catch(() => {});
    redis.disconnect();
  },
  'mysql killed': (context) => signal(context, 'mysql', 'SIGKILL'),
  'gateway dropped, resumable': ({ midjourney }) => midjourney.dropGateway({ resumable: true }),
  'gateway dropped for good': ({ midjourney, random }) =>
    midjourney.dropGateway({ resumable: false, downMs: random.between(0, 2_000) }),
  'event missed': ({ midjourney, random }) =>
    midjourney.fault({ kind: 'miss', times: random.between(1, 3), match: {} }),
  'final message missed': ({ midjourney }) =>
    midjourney.fault({
      kind: 'miss',
      times: 1,
      match: { event: 'MESSAGE_CREATE', contentContains: '(fast)' },
    }),
  'event delayed': ({ midjourney, random }) =>
    midjourney.fault({
      kind: 'delay',
      ms: random.between(500, 6_000),
      times: random.between(1, 4),
      match: {},
    }),
  'event twice': ({ midjourney, random }) =>
    midjourney.fault({ kind: 'duplicate', times: random.between(1, 6), match: {} }),
  'events out of order': ({ midjourney, random }) =>
    midjourney.fault({ kind: 'reorder', times: random.between(1, 4), match: {} }),
  'Discord 429': ({ midjourney, random }) =>
    midjourney.fault({
      kind: 'rate_limit',
      retryAfter: 1,
      global: random.chance(0.3),
      times: 1,
      match: interactions,
    }),
  'Discord 5xx': ({ midjourney, random }) =>
    midjourney.fault({
      kind: 'status',
      status: random.pick([500, 502, 503]),
      times: random.between(1, 2),
      match: interactions,
    }),
  'connection reset before': ({ midjourney }) =>
    midjourney.fault({ kind: 'reset_before', times: 1, match: interactions }),
  'connection reset after': ({ midjourney }) =>
    midjourney.fault({ kind: 'reset_after', times: 1, match: interactions }),
  'no answer, taken': ({ midjourney }) =>
    midjourney.fault({ kind: 'no_answer', afterEffect: true, times: 1, match: interactions }),
  'no answer, not taken': ({ midjourney }) =>
    midjourney.fault({ kind: 'no_answer', afterEffect: false, times: 1, match: interactions }),
  'never started': ({ midjourney }) => midjourney.fault({ kind: 'never_start', times: 1, match: {} }),
  'stopped midway': ({ midjourney }) => midjourney.fault({ kind: 'stop_midway', times: 1, match: {} }),
  'removed midway': ({ midjourney }) => midjourney.fault({ kind: 'delete_midway', times: 1, match: {} }),
};

async function signal({ copy, random }: FaultContext, name: string, how: NodeJS.Signals): Promise<void> {
  const [first, ...others] = copy.pids(name);
  if (first !== undefined) send(random.pick([first, ...others]), how);
}

async function freeze({ copy, random }: FaultContext, name: string, ms: number): Promise<void> {
  const [first, ...others] = copy.pids(name);
  if (first === undefined) return;
  const pid = random.pick([first, ...others]);
  send(pid, 'SIGSTOP');
  await delay(ms);
  send(pid, 'SIGCONT');
}

function send(pid: number, how: NodeJS.Signals): void {
  try {
    process.kill(pid, how);
  } catch (error) {
    // It died of something else first.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
