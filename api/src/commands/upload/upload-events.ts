import { uploadsQueue } from '@midjourney-api/shared/queues/queues';
import { QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';

/** Tells when a worker is done with an upload. Listens on a connection of its own, which it blocks. */
export function openUploadEvents(redis: Redis, prefix: string): QueueEvents {
  const connection = redis.duplicate({ enableOfflineQueue: true, maxRetriesPerRequest: null });
  // The process's first connection reports that Redis is away.
  connection.on('error', () => {});
  const events = new QueueEvents(uploadsQueue, { connection, prefix });
  events.on('error', () => {});
  return events;
}
