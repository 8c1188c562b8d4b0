import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../test/eventually.ts';
import { Fleet } from './fleet.ts';
import { launch, launchSharingPort } from './launch.ts';
import { freePort } from './services/free-port.ts';
import { processStartedAt } from './services/process-identity.ts';
import type { ServerProcess } from './services/server-process.ts';
import { SupervisedProcess } from './services/supervised-process.ts';

let dataDir: string;
let fleet: Fleet;

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'launch-'));
  fleet = new Fleet();
});

afterEach(async () => {
  await fleet.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

function program(name: string, text: string): string {
  const file = path.join(dataDir, name);
  writeFileSync(file, text);
  return file;
}

async function run(stage: 'api' | 'worker', name: string, launchOne: () => Promise<ServerProcess>) {
  const supervised = new SupervisedProcess({ name, launch: launchOne });
  fleet.add(stage, supervised);
  await supervised.start();
  return supervised;
}

test('copies that share a port answer on it together, also while one of them is down', async () => {
  const entry = program(
    'server.mts',
    `import { createServer } from 'node:http';
     createServer((request, response) => response.end(String(process.pid))).listen(Number(process.env.PORT), '127.0.0.1');`,
  );
  const port = await freePort();
  const env = { ...process.env, PORT: String(port) };
  const ids = ['one', 'two'];
  const copies = await Promise.all(
    ids.map((id) => run('api', 'api', () => launchSharingPort({ id, entry, env, dataDir }))),
  );
  const ask = async () =>
    (await fetch(`http://127.0.0.1:${port}`, { headers: { connection: 'close' } })).text();
  const pids = copies.map(({ pid }) => String(pid));
  await eventually(async () =>
    expect([...new Set([await ask(), await ask()])].sort()).toEqual([...pids].sort()),
  );

  process.kill(Number(pids[0]), 'SIGKILL');
  await eventually(() => expect(fleet.processes()).toEqual([{ name: 'api', pid: Number(pids[1]) }]));
  expect(await ask()).toBe(pids[1]);
  await eventually(() => expect(fleet.processes()).toHaveLength(2));
});

test('a program that gives up says why in the words of its log', async () => {
  const entry = program(
    'broken.mts',
    `console.log(JSON.stringify({ level: 30, msg: 'starting' }));
     console.log(JSON.stringify({ level: 60, msg: 'cannot start', err: { message: 'no such channel' } }));
     process.exit(1);`,
  );
  const started = run('api', 'api', () =>
    launchSharingPort({ id: 'api-1', entry, env: process.env, dataDir }),
  );
  await expect(started).rejects.toThrow(
    `api-1 did not start: cannot start: no such channel (log: ${path.join(dataDir, 'logs', 'api-1.log')})`,
  );
});

test('a fleet stops stage by stage and leaves nothing behind', async () => {
  const order = path.join(dataDir, 'order');
  const entry = program(
    'worker.mts',
    `import { appendFileSync, writeFileSync } from 'node:fs';
     const timer = setInterval(() => {}, 1000);
     process.on('SIGTERM', () => { appendFileSync(${JSON.stringify(order)}, process.env.NAME + ' '); clearInterval(timer); });
     writeFileSync(${JSON.stringify(dataDir)} + '/up-' + process.env.NAME, '');`,
  );
  const pids: (number | undefined)[] = [];
  for (const stage of ['worker', 'api'] as const) {
    const env = { ...process.env, NAME: stage };
    pids.push((await run(stage, stage, () => launch({ id: stage, entry, env, dataDir }))).pid);
    await eventually(() => expect(existsSync(path.join(dataDir, `up-${stage}`))).toBe(true));
  }
  await fleet.stop();
  expect(readFileSync(order, 'utf8')).toBe('api worker ');
  expect(pids.map((pid) => pid && processStartedAt(pid))).toEqual([undefined, undefined]);
  expect(fleet.processes()).toEqual([]);
});
