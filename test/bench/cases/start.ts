import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { environmentSchema } from '@midjourney-api/shared/config/config';
import { projectRoot } from '../../../scripts/environment.ts';
import { freePort } from '../../../scripts/services/free-port.ts';
import type { BenchCase } from '../bench-case.ts';

export const start: BenchCase = {
  name: 'start',
  about: 'npm start on a folder that it was started on before, until it says that it runs',
  async run({ services, rounds }) {
    const dataDir = path.join(services.dataDir, 'start');
    const port = await freePort();
    // The first one lays out the database.
    await startAndStop(dataDir, port);
    const seconds: number[] = [];
    for (let round = 0; round < rounds; round++) seconds.push(await startAndStop(dataDir, port));
    return [{ name: 'npm start, warm', unit: 's', rounds: seconds, target: { of: 'value', atMost: 8 } }];
  },
};

/** What is set wins over `.env`, which must neither decide what is measured nor have a real account used. */
const unset = Object.fromEntries(Object.keys(environmentSchema.shape).map((name) => [name, '']));

/** @returns seconds until it runs */
async function startAndStop(dataDir: string, port: number): Promise<number> {
  const began = performance.now();
  const child = spawn('npm', ['start', '--', '--no-demo'], {
    cwd: projectRoot,
    env: {
      ...unset,
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATA_DIR: dataDir,
      PORT: String(port),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own: npm passes signals on to nobody but its shell.
    detached: true,
  });
  const closed = once(child, 'close');
  const said: string[] = [];
  const running = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line);
      if (line.includes('running after')) resolve();
    });
  });
  const ended = closed.then(() => {
    throw new Error(`npm start ended:\n${said.join('\n')}`);
  });
  ended.catch(() => {});
  await Promise.race([running, ended]);
  const seconds = (performance.now() - began) / 1_000;
  if (child.pid === undefined) throw new Error('npm was not started');
  process.kill(-child.pid, 'SIGTERM');
  await closed;
  return seconds;
}
