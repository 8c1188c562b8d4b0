import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { eventually } from '../../test/eventually.ts';
import { processStartedAt } from './process-identity.ts';
import { endOrphans, spawnServerProcess } from './server-process.ts';
import { describeTrouble, restartDelayMs, SupervisedProcess } from './supervised-process.ts';

let folder: string;
let supervised: SupervisedProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'supervised-'));
});

afterEach(async () => {
  await supervised?.stop(1000);
  supervised = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function launchNode(script: string) {
  return () =>
    spawnServerProcess({
      name: 'program',
      command: process.execPath,
      args: ['-e', script],
      logFile: path.join(folder, 'program.log'),
      recordsDir: path.join(folder, 'processes'),
    });
}

const lasting = 'setInterval(() => {}, 1000)';

test('delays double from a quarter of a second to ten seconds', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 50].map(restartDelayMs)).toEqual([
    250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000,
  ]);
});

test('a program that keeps dying is started again, each time later, and says so', async () => {
  const troubles: string[] = [];
  supervised = new SupervisedProcess({
    name: 'program',
    launch: launchNode('process.exit(3)'),
    onTrouble: (trouble) => troubles.push(describeTrouble(trouble)),
  });
  await supervised.start();
  await eventually(() => expect(troubles).toHaveLength(3));
  expect(troubles).toEqual([
    'program ended with status 3; starting it again in 0.25 s',
    'program ended with status 3; starting it again in 0.5 s',
    'program ended with status 3; starting it again in 1 s',
  ]);
});

test('a stop is not a death: the program stays down', async () => {
  const launch = vi.fn(launchNode(lasting));
  supervised = new SupervisedProcess({ name: 'program', launch });
  await supervised.start();
  const { pid } = supervised;
  await supervised.stop(1000);
  expect(pid && processStartedAt(pid)).toBeUndefined();
  expect(supervised.pid).toBeUndefined();
  expect(launch).toHaveBeenCalledTimes(1);
});

test('a stop during the wait for the next start ends the wait', async () => {
  const onTrouble = vi.fn();
  supervised = new SupervisedProcess({ name: 'program', launch: launchNode('process.exit(1)'), onTrouble });
  await supervised.start();
  await eventually(() => expect(onTrouble).toHaveBeenCalledTimes(4));
  const before = Date.now();
  await supervised.stop(1000);
  expect(Date.now() - before).toBeLessThan(0.9 * restartDelayMs(4));
});

test('a start that takes long can be given up', async () => {
  const giveUp = new AbortController();
  const launch = async () => {
    const program = await launchNode(lasting)();
    return { ...program, ready: program.exited.then(() => Promise.reject(new Error('it was never ready'))) };
  };
  supervised = new SupervisedProcess({ name: 'program', launch });
  const started = expect(supervised.start(giveUp.signal)).rejects.toThrow('it was never ready');
  await eventually(() => expect(supervised?.pid).toBeDefined());
  giveUp.abort();
  await started;
  expect(supervised.pid).toBeUndefined();
});

test('a program that ignores SIGTERM is killed when its time is over', async () => {
  const program = await launchNode(`process.on('SIGTERM', () => {}); ${lasting}; console.log('up')`)();
  // Give it the time to install its handler: only then is SIGTERM ignored.
  await eventually(() => expect(readFileSync(path.join(folder, 'program.log'), 'utf8')).toContain('up'));
  await program.stop(200);
  expect(await program.exited).toEqual({ code: null, signal: 'SIGKILL' });
});

test('a program that does not exist is an error, not a crash', async () => {
  const launch = () =>
    spawnServerProcess({
      name: 'program',
      command: path.join(folder, 'missing'),
      args: [],
      logFile: path.join(folder, 'program.log'),
      recordsDir: folder,
    });
  await expect(new SupervisedProcess({ name: 'program', launch }).start()).rejects.toThrow('ENOENT');
});

test('a recorded pid that belongs to another process by now is left alone', async () => {
  const records = path.join(folder, 'records');
  const program = await launchNode(lasting)();
  mkdirSync(records);
  writeFileSync(path.join(records, 'program.json'), JSON.stringify({ pid: program.pid, startedAt: '1' }));
  writeFileSync(path.join(records, 'cut-short.json'), '{"pid": 1');
  expect(await endOrphans(records, 1000)).toEqual([]);
  expect(processStartedAt(program.pid)).toBeDefined();
  await program.stop(1000);
});
