import type { Bench } from './bench-case.ts';
import { type BenchDatabase, createBenchDatabase } from './bench-database.ts';
import type { Processes } from './measures/usage.ts';
import { type BenchServer, type Installation, planInstallation, startApi, startFloor } from './processes.ts';

export interface ApiAndFloor {
  database: BenchDatabase;
  installation: Installation;
  api: BenchServer;
  floor: BenchServer & { queuePrefix: string };
  /** What works for a request to either of them. */
  apiProcesses: Processes;
  floorProcesses: Processes;
}

/** An api and a floor, which reads the same database, or writes to one that it is given. */
export async function withApiAndFloor<T>(
  { services }: Bench,
  options: { userCount: number; floorDatabase?: BenchDatabase },
  use: (both: ApiAndFloor) => Promise<T>,
): Promise<T> {
  const database = await createBenchDatabase(services.db, options.userCount);
  const installation = await planInstallation(services, database.access);
  const api = await startApi(services, installation);
  const floor = await startFloor(services, (options.floorDatabase ?? database).access);
  try {
    return await use({
      database,
      installation,
      api,
      floor,
      apiProcesses: { api: api.pid, ...services.processes },
      floorProcesses: { floor: floor.pid, ...services.processes },
    });
  } finally {
    await Promise.all([api.stop(), floor.stop()]);
    await database.drop();
  }
}
