import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { inject } from 'vitest';
import { projectRoot } from '../../../scripts/environment.ts';
import { freePort } from '../../../scripts/services/free-port.ts';
import type { DatabaseAccess } from '../../../scripts/services/mysql.ts';
import { testPrefix } from '../../../test/database.ts';
import { eventually } from '../../../test/eventually.ts';
import { programArguments } from '../../../test/program.ts';
import { webhookSecret } from './open-test-api.ts';

const started: ChildProcess[] = [];

/** An api as a process of its own, with what it wrote so far. */
export function startApi(env: Record<string, string>, stdout: 'pipe' | number = 'pipe') {
  const child = spawn(process.execPath, programArguments('api/src/main'), {
    cwd: projectRoot,
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', ...env },
    stdio: ['ignore', stdout, 'pipe'],
  });
  started.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return { child, output, exited };
}

export function killApis(): void {
  for (const child of started.splice(0)) child.kill('SIGKILL');
}

/** The environment of an api on a free port, with a part of Redis of its own. */
export async function apiEnv(database?: DatabaseAccess) {
  const port = await freePort();
  return {
    PORT: String(port),
    REDIS_URL: inject('services').redisUrl,
    REDIS_PREFIX: testPrefix(),
    RESULT_WEBHOOK_SECRET: webhookSecret,
    ...(database && {
      DB_HOST: database.host,
      DB_PORT: String(database.port),
      DB_NAME: database.database,
      DB_USER: database.user,
      DB_PASSWORD: database.password,
    }),
  };
}

export async function listening(port: string): Promise<void> {
  await eventually(() => fetch(`http://127.0.0.1:${port}/healthz`));
}
