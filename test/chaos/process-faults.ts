import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Fault, FaultContext } from './fault.ts';

/** The faults of processes and their disks. */
export const processFaults: [string, Fault][] = [
  ['worker killed', (context) => signal(context, 'worker', 'SIGKILL')],
  ['worker asked to stop', (context) => signal(context, 'worker', 'SIGTERM')],
  ['worker asked to stop', (context) => signal(context, 'worker', 'SIGTERM')],
  ['worker frozen', (context) => freeze(context, 'worker')],
  ['api killed', (context) => signal(context, 'api', 'SIGKILL')],
  ['api asked to stop', (context) => signal(context, 'api', 'SIGTERM')],
  ['api frozen', (context) => freeze(context, 'api')],
  ['redis killed', (context) => signal(context, 'redis', 'SIGKILL')],
  ['redis frozen', (context) => freeze(context, 'redis')],
  ['mysql killed', (context) => signal(context, 'mysql', 'SIGKILL')],
  ['mysql frozen', (context) => freeze(context, 'mysql')],
  ['mysql frozen', (context) => freeze(context, 'mysql')],
  ['disk of an api full', (context) => fillDisk(context, 'api')],
  ['disk of a worker full', (context) => fillDisk(context, 'worker')],
];

async function signal({ stage, random }: FaultContext, name: string, how: NodeJS.Signals): Promise<void> {
  const pid = random.pick(stage.pids(name));
  if (pid !== undefined) send(pid, how);
}

/** Longer than a lease, a job's lock, and any wait for MySQL: when it continues, others have its work. */
async function freeze({ stage, random, longestFreezeMs, over }: FaultContext, name: string): Promise<void> {
  const ms = random.chance(0.3) ? random.between(5_000, longestFreezeMs) : 5_000;
  const pid = random.pick(stage.pids(name));
  if (pid === undefined || !send(pid, 'SIGSTOP')) return;
  await delay(ms, undefined, { signal: over }).catch(() => {});
  send(pid, 'SIGCONT');
}

/**
 * Neither pictures nor log lines can be written for a while: a process that may not make files larger is as one whose
 * disk is full. Linux alone has a command for that.
 */
async function fillDisk({ stage, random, over }: FaultContext, name: string): Promise<void> {
  const ms = random.between(1_000, 4_000);
  const pid = random.pick(stage.pids(name));
  if (pid === undefined || !(await limitFiles(pid, '0'))) return;
  await delay(ms, undefined, { signal: over }).catch(() => {});
  await limitFiles(pid, 'unlimited');
}

async function limitFiles(pid: number, softLimit: string): Promise<boolean> {
  return promisify(execFile)('prlimit', ['--pid', String(pid), `--fsize=${softLimit}:unlimited`]).then(
    () => true,
    () => false,
  );
}

/** @returns false when it died of something else first. */
function send(pid: number, how: NodeJS.Signals): boolean {
  try {
    process.kill(pid, how);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    return false;
  }
}
