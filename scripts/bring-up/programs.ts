import { launchSharingPort } from '../launch.ts';
import type { Program } from './starter.ts';

/** Starts the programs of the product as separate processes. */
export function productPrograms(
  counts: { workers: number; apis: number },
  env: NodeJS.ProcessEnv,
): Program[] {
  return [
    ...numbered(counts.workers, (number) => ({
      stage: 'worker' as const,
      id: `worker-${number}`,
      entry: 'worker/src/main.ts',
      env,
    })),
    ...numbered(counts.apis, (number) => ({
      stage: 'api' as const,
      id: `api-${number}`,
      entry: 'api/src/main.ts',
      env,
      launchWith: launchSharingPort,
    })),
  ];
}

function numbered<T>(count: number, make: (number: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index + 1));
}
