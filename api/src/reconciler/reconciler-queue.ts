import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';

export const maintenanceQueue = 'maintenance';

/** Jobs that the api does for itself, by whichever of its processes is free. */
export function openMaintenance(redis: Redis, prefix: string): Queue {
  const queue = new Queue(maintenanceQueue, { connection: redis, prefix });
  // The connection's own listener reports that Redis is away.
  queue.on('error', () => {});
  return queue;
}
