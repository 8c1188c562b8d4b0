import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startLocalServices } from '../scripts/services/local-services.ts';
import type { DatabaseAccess } from '../scripts/services/mysql.ts';

declare module 'vitest' {
  interface ProvidedContext {
    services: { db: DatabaseAccess; redisUrl: string };
  }
}

/** One private MariaDB and Redis for the whole test run, in a folder that goes with it. */
export default async function startTestServices(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'midjourney-api-test-'));
  const services = await startLocalServices({ dataDir, durable: false, say: console.error });
  project.provide('services', { db: services.db, redisUrl: services.redisUrl });
  return async () => {
    await services.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
