import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { projectRoot } from '../scripts/environment.ts';
import { type RunFile, readRunFile } from '../scripts/run-file.ts';
import { freePort } from '../scripts/services/free-port.ts';
import { processStartedAt } from '../scripts/services/process-identity.ts';
import { eventually } from './eventually.ts';

let folder: string;
let dataDir: string;
let port: number;
let running: Start | undefined;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'start-'));
  dataDir = path.join(folder, 'data');
  port = await freePort();
});

afterEach(async () => {
  if (running && running.child.exitCode === null) await running.stop('SIGTERM');
  running = undefined;
  rmSync(folder, { recursive: true, force: true });
});

interface Start {
  child: ChildProcess;
  output(): string;
  /** Resolves to the exit status. */
  exited: Promise<number | null>;
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** `npm start`, without npm in between. */
function start(env: Record<string, string> = {}, args: string[] = []): Start {
  const child = spawn(process.execPath, ['scripts/bootstrap.mjs', 'start', ...args], {
    cwd: projectRoot,
    env: {
      PATH: process.env.PATH ?? '',
      DATA_DIR: dataDir,
      PORT: String(port),
      HOST: '127.0.0.1',
      SIM_DRAW_MS: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const started: Start = {
    child,
    output: () => output,
    exited,
    stop: (signal) => {
      child.kill(signal);
      return exited;
    },
  };
  running = started;
  return started;
}

async function untilSaid(started: Start, text: string): Promise<void> {
  await eventually(() => expect(started.output()).toContain(text));
}

function runFile(): RunFile {
  const run = readRunFile(dataDir);
  if (run === undefined) throw new Error('nothing is running');
  return run;
}

function pidOf(name: string): number {
  const process = runFile().processes.find((candidate) => candidate.name === name);
  if (process === undefined) throw new Error(`${name} is not running`);
  return process.pid;
}

test('one command draws a picture, keeps everything up, and leaves nothing behind', {
  timeout: 120_000,
}, async () => {
  const first = start();
  await untilSaid(first, 'Ctrl-C stops everything');

  const picture = /picture: (.+)/.exec(first.output())?.[1] ?? '';
  expect(readFileSync(picture).subarray(8, 12).toString()).toBe('WEBP');
  // The simulator's pictures are at a private address, which downloads may reach here.
  expect(readdirSync(path.join(dataDir, 'images'))).toHaveLength(1);
  expect(statSync(path.join(dataDir, 'run.json')).mode & 0o777).toBe(0o600);
  const run = runFile();
  expect(run.processes.map(({ name }) => name).sort()).toEqual([
    'api',
    'mysql',
    'redis',
    'simulator',
    'worker',
  ]);
  expect(first.output()).toContain(run.appKey);
  expect(first.output()).toContain(run.operatorKey);

  const curl = /^curl .*$/m.exec(first.output())?.[0] ?? '';
  const pasted = spawn('sh', ['-c', curl], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [answer] = (await once(pasted.stdout, 'data')) as [Buffer];
  expect(JSON.parse(answer.toString())).toMatchObject({ message: 'success', trigger_type: 'generate' });

  const killed = pidOf('worker');
  process.kill(killed, 'SIGKILL');
  await eventually(() => expect(pidOf('worker')).not.toBe(killed));

  const pids = runFile().processes.map(({ pid }) => pid);
  const asked = Date.now();
  expect(await first.stop('SIGINT')).toBe(0);
  expect(Date.now() - asked).toBeLessThan(10_000);
  expect(pids.filter((pid) => processStartedAt(pid) !== undefined)).toEqual([]);
  expect(existsSync(path.join(dataDir, 'run.json'))).toBe(false);

  // The second time everything is there still: the same keys, and no drawing when it is not wanted.
  const second = start({ APIS: '2', WORKERS: '2' }, ['--no-demo']);
  await untilSaid(second, 'Ctrl-C stops everything');
  expect(runFile().appKey).toBe(run.appKey);
  expect(runFile().processes.filter(({ name }) => name === 'api')).toHaveLength(2);
  expect(second.output()).not.toContain('picture');
  const tasks = await fetch(`${run.apiUrl}/v1/api/trigger/tasks`, {
    headers: { authorization: `Bearer ${run.appKey}` },
  });
  expect(await tasks.json()).toMatchObject({ data: [expect.anything(), { status: 'succeeded' }] });

  const busy = start();
  expect(await busy.exited).toBe(1);
  expect(busy.output()).toMatch(/^\S+ is in use by a copy that is running already .*\n$/);
  running = second;
});

test('a taken port is one clear line', async () => {
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  const refused = start();
  expect(await refused.exited).toBe(1);
  expect(refused.output()).toBe(
    `Port ${port} is taken: stop what uses it, or choose another one with PORT=${port + 1} npm start\n`,
  );
  other.close();
});

test.each([
  ['an unknown option', {}, ['--nope'], /^error: unknown option '--nope'\n$/],
  ['a wrong variable', { WORKERS: 'x' }, [], /^WORKERS: must be a whole number from 1 to 64\n$/],
  ['half an account', { DISCORD_USER_TOKEN: 'x' }, [], /^DISCORD_BOT_TOKEN, .* not set: .*\n$/],
  [
    'a Redis that is not there',
    { DB_HOST: '127.0.0.1', DB_PORT: '1', REDIS_URL: 'redis://127.0.0.1:1' },
    [],
    /^(MySQL|Redis) at 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1\n$/,
  ],
])('%s is one clear line', async (_, env, args, line) => {
  const refused = start(env, args);
  expect(await refused.exited).toBe(1);
  expect(refused.output()).toMatch(line);
});

test('a stop during the start stops what was started', async () => {
  const early = start();
  await untilSaid(early, 'MySQL, private');
  expect(await early.stop('SIGTERM')).toBe(0);
  expect(existsSync(path.join(dataDir, 'run.json'))).toBe(false);
});
