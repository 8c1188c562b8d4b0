import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadPlan, LoadResult } from './plan.ts';

export interface Load {
  send(plan: LoadPlan): Promise<LoadResult>;
  stop(): Promise<void>;
}

export function startLoad(): Load {
  const program = fileURLToPath(new URL('./generator.ts', import.meta.url));
  const child = fork(program, { execArgv: ['--import', import.meta.resolve('tsx')] });
  const exited = once(child, 'exit').then(() => {
    throw new Error('the load generator has ended');
  });
  exited.catch(() => {});
  return {
    async send(plan) {
      child.send(plan);
      const [result] = await Promise.race([once(child, 'message'), exited]);
      return result as LoadResult;
    },
    async stop() {
      child.disconnect();
      await exited.catch(() => {});
    },
  };
}
