import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { projectRoot } from '../../scripts/environment.ts';
import { type RunFile, readRunFile } from '../../scripts/run-file.ts';
import { freePort } from '../../scripts/services/free-port.ts';
import { until } from '../system/until.ts';

/** `npm start` on a folder of its own, as its user runs it: what dies is started again. */
export class RunningCopy {
  readonly #dataDir: string;
  readonly #child: ChildProcess;
  #said = '';

  constructor(dataDir: string, child: ChildProcess) {
    this.#dataDir = dataDir;
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        this.#said = `${this.#said}${chunk}`.slice(-4_000);
      });
    }
  }

  static async start(dataDir: string, env: Record<string, string>): Promise<RunningCopy> {
    const child = spawn(process.execPath, ['scripts/bootstrap.mjs', 'start', '--no-demo'], {
      cwd: projectRoot,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        DATA_DIR: dataDir,
        PORT: String(await freePort()),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const copy = new RunningCopy(dataDir, child);
    await until(
      'everything runs',
      async () => {
        if (child.exitCode !== null) throw new Error(`npm start ended: ${copy.#said}`);
        return readRunFile(dataDir);
      },
      60_000,
    );
    return copy;
  }

  get run(): RunFile {
    const run = readRunFile(this.#dataDir);
    if (!run) throw new Error(`npm start has ended: ${this.#said}`);
    return run;
  }

  /** Ids of the processes of this name that are up. */
  pids(name: string): number[] {
    return this.run.processes.filter((process) => process.name === name).map(({ pid }) => pid);
  }

  /** Megabytes that each process holds in memory, by name. */
  memory(): { name: string; megabytes: number }[] {
    return this.run.processes.map(({ name, pid }) => ({ name, megabytes: residentMegabytes(pid) }));
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }
}

function residentMegabytes(pid: number): number {
  try {
    const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Math.round(Number(kilobytes ?? 0) / 1_024);
  } catch {
    // It died since it was listed.
    return 0;
  }
}
