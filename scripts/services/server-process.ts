import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openLog } from './log-file.ts';
import { processStartedAt } from './process-identity.ts';

export interface ProcessExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** One run of one program, from its start to its exit. */
export interface ServerProcess {
  readonly pid: number;
  readonly exited: Promise<ProcessExit>;
  /** Resolves when it can serve; rejects when it gave up before that. */
  readonly ready: Promise<void>;
  /** Asks with SIGTERM, insists with SIGKILL after `graceMs`. Resolves when the process is gone. */
  stop(graceMs: number): Promise<void>;
}

export interface SpawnOptions {
  name: string;
  command: string;
  args: string[];
  /** Replaces the environment. */
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** stdout and stderr are appended here. */
  logFile: string;
  /** Where the pid is recorded, so that a later start can end what a killed parent left running. */
  recordsDir: string;
}

/**
 * Starts a program in a separate session, so that Ctrl-C in the terminal reaches only the supervisor, which then
 * stops its children in the right order.
 */
export async function spawnServerProcess(options: SpawnOptions): Promise<ServerProcess> {
  const log = openLog(options.logFile);
  const child = spawn(options.command, options.args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: options.env ?? process.env,
    cwd: options.cwd,
  });
  closeSync(log);
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  // `once` rejects on 'error', which is how a missing or forbidden program shows.
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new Error(`${options.name}: started without a pid`);

  return guarded({
    name: options.name,
    recordsDir: options.recordsDir,
    pid,
    exited,
    signal: (name) => void child.kill(name),
  });
}

/** Records a started process and makes sure that it ends with this one, however this one ends. */
export function guarded(started: {
  name: string;
  recordsDir: string;
  pid: number;
  exited: Promise<ProcessExit>;
  signal: (signal: NodeJS.Signals) => void;
}): ServerProcess {
  const record = recordProcess(started.recordsDir, started.name, started.pid);
  const dismissGuard = endWithParent(started.pid);
  const exited = started.exited.then(async (exit) => {
    await dismissGuard();
    rmSync(record, { force: true });
    return exit;
  });
  return {
    pid: started.pid,
    exited,
    ready: Promise.resolve(),
    async stop(graceMs) {
      started.signal('SIGTERM');
      const insist = setTimeout(() => started.signal('SIGKILL'), graceMs);
      await exited;
      clearTimeout(insist);
    },
  };
}

/**
 * A SIGKILLed parent can run no handler, but the kernel closes its pipes: this shell waits for that and then sends
 * SIGTERM. Returns how to dismiss it; resolves when it is gone.
 */
function endWithParent(pid: number): () => Promise<void> {
  const guard = spawn('sh', ['-c', 'read -r dismissed || kill -TERM "$1"', 'end-with-parent', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const gone = new Promise<void>((resolve) => {
    guard.once('exit', () => resolve());
    guard.once('error', () => resolve());
  });
  guard.stdin.on('error', () => {});
  return () => {
    guard.stdin.end('dismissed\n');
    return gone;
  };
}

interface ProcessRecord {
  pid: number;
  startedAt: string;
}

function recordProcess(recordsDir: string, name: string, pid: number): string {
  mkdirSync(recordsDir, { recursive: true, mode: 0o700 });
  const file = path.join(recordsDir, `${name}.json`);
  const record: ProcessRecord = { pid, startedAt: processStartedAt(pid) ?? '' };
  writeFileSync(file, JSON.stringify(record));
  return file;
}

/**
 * Ends the processes that an earlier, killed parent left running with these records. A recorded pid that now belongs
 * to another process is left alone. Resolves when they are gone.
 */
export async function endOrphans(recordsDir: string, graceMs: number): Promise<number[]> {
  const orphans = readRecords(recordsDir);
  await Promise.all(orphans.map((orphan) => endOrphan(orphan, graceMs)));
  rmSync(recordsDir, { recursive: true, force: true });
  return orphans.map(({ pid }) => pid);
}

function readRecords(recordsDir: string): ProcessRecord[] {
  let files: string[];
  try {
    files = readdirSync(recordsDir);
  } catch {
    return [];
  }
  return files
    .map((file) => parseRecord(readFileSync(path.join(recordsDir, file), 'utf8')))
    .filter((record) => record !== undefined)
    .filter(isRunning);
}

function parseRecord(text: string): ProcessRecord | undefined {
  try {
    const { pid, startedAt } = JSON.parse(text) as Partial<ProcessRecord>;
    if (typeof pid !== 'number' || typeof startedAt !== 'string') return undefined;
    return { pid, startedAt };
  } catch {
    // A record cut short by a crash names nobody.
    return undefined;
  }
}

function isRunning(record: ProcessRecord): boolean {
  return record.startedAt !== '' && processStartedAt(record.pid) === record.startedAt;
}

async function endOrphan(orphan: ProcessRecord, graceMs: number): Promise<void> {
  signalIfAlive(orphan.pid, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  // No longer our child, so there is no exit event to wait for.
  while (isRunning(orphan)) {
    if (Date.now() > deadline) signalIfAlive(orphan.pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
