import { queueNames } from '@midjourney-api/shared/queues/keys';
import { waitingConnection } from '@midjourney-api/shared/redis';
import { QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';

/** Emits when a worker has finished an upload. It blocks a connection of its own. */
export function openUploadEvents(redis: Redis, prefix: string): QueueEvents {
  const connection = waitingConnection(redis);
  const events = new QueueEvents(queueNames.uploads, { connection, prefix });
  events.on('error', () => {});
  return events;
}
