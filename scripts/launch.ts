import cluster from 'node:cluster';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from './environment.ts';
import { logComplaint, logEnd, openLog } from './services/log-file.ts';
import {
  guarded,
  type ProcessExit,
  type ServerProcess,
  spawnServerProcess,
} from './services/server-process.ts';

export interface LaunchOptions {
  /** Names the log and the record; unique among running processes. */
  id: string;
  /** The entry file, relative to the project. */
  entry: string;
  env: NodeJS.ProcessEnv;
  dataDir: string;
}

/** TypeScript runs without a build step. */
const runTypescript = ['--import', import.meta.resolve('tsx')];

/** Where the processes of the project itself are recorded. */
export function recordsDir(dataDir: string): string {
  return path.join(dataDir, 'processes', 'project');
}

export function logFile({ dataDir, id }: Pick<LaunchOptions, 'dataDir' | 'id'>): string {
  return path.join(dataDir, 'logs', `${id}.log`);
}

/** Starts a program of the project as a separate process. */
export async function launch(options: LaunchOptions): Promise<ServerProcess> {
  return spawnServerProcess({
    name: options.id,
    command: process.execPath,
    args: [...runTypescript, path.resolve(projectRoot, options.entry)],
    env: options.env,
    cwd: projectRoot,
    logFile: logFile(options),
    recordsDir: recordsDir(options.dataDir),
  });
}

/** Starts a program that shares its port with its other copies. Ready when it listens. */
export async function launchSharingPort(options: LaunchOptions): Promise<ServerProcess> {
  const file = logFile(options);
  const logFrom = logEnd(file);
  const log = openLog(file);
  cluster.setupPrimary({
    exec: path.resolve(projectRoot, options.entry),
    args: [],
    execArgv: runTypescript,
    cwd: projectRoot,
    stdio: ['ignore', log, log, 'ipc'],
  });
  const worker = cluster.fork(options.env);
  closeSync(log);
  const listening = once(worker, 'listening');
  const exited = new Promise<ProcessExit>((resolve) => {
    worker.process.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const { pid } = worker.process;
  if (pid === undefined) throw new Error(`${options.id}: started without a pid`);
  const process = guarded({
    name: options.id,
    recordsDir: recordsDir(options.dataDir),
    pid,
    exited,
    signal: (name) => void worker.process.kill(name),
  });
  const gaveUp = exited.then(() => {
    throw new Error(`${options.id} did not start: ${logComplaint(file, logFrom)}`);
  });
  const ready = Promise.race([listening, gaveUp]).then(() => {});
  ready.catch(() => {});
  gaveUp.catch(() => {});
  return { ...process, ready };
}
