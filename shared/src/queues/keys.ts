import type { Queue } from 'bullmq';
import type { Speed } from '../tasks/task.ts';
import type { TaskId } from '../tasks/task-id.ts';

/**
 * Every name in Redis except BullMQ's own: of queues, jobs and keys. Keys begin with REDIS_PREFIX, like BullMQ's.
 */

/** As shown in Bull Board and the metrics. */
export const queueNames = {
  uploads: 'uploads',
  notices: 'hooks',
  pictures: 'images',
  reconciler: 'maintenance',
} as const;

/** New drawings, for any account; with a speed, only for accounts that draw at it. */
export function drawingsQueue(speed: Speed | null): string {
  return speed === null ? 'drawings' : `drawings-${speed}`;
}

export function accountQueue(account: string): string {
  return `account-${account}`;
}

/** Questions are answered at once, even while the account may not draw. */
export function questionsQueue(account: string): string {
  return `questions-${account}`;
}

/** Derived from the task's id, so that adding a job twice adds one. BullMQ refuses ids that are plain integers. */
export function taskJobId(taskId: TaskId): string {
  return `task-${taskId}`;
}

export function pictureJobId(taskId: TaskId): string {
  return `picture-${taskId}`;
}

export function noticeJobId({ taskId, version }: { taskId: TaskId; version: number }): string {
  return `notice-${taskId}-${version}`;
}

/** Bytes to be uploaded to Discord wait under it until they expire, never in a job. */
export function uploadedBytesKey(prefix: string, uploadId: TaskId): string {
  return `${prefix}:upload:${uploadId}`;
}

/** A file that a worker downloaded for the api; it expires. */
export function fetchedBytesKey(prefix: string, fileId: string): string {
  return `${prefix}:fetched:${fileId}`;
}

/** The channel on which processes announce which tasks changed. */
export function taskChangesChannel(prefix: string): string {
  return `${prefix}:task-changes`;
}

/** The ids of the workers that publish metrics, so that nobody has to scan all keys. */
export function meteredWorkersKey(prefix: string): string {
  return `${prefix}:worker-metrics`;
}

export function workerMetricsKey(prefix: string, workerId: string): string {
  return `${prefix}:worker-metrics:${workerId}`;
}

/** Requests of the last minute, by key or address; `limit` names what is limited. */
export function requestLimitKey(prefix: string, limit: string): string {
  return `${prefix}:limit:${limit}`;
}

/** What the scripts of the fair order work on, in the order of their KEYS; the last two are BullMQ's. */
export function fairOrderKeys(
  queue: Pick<Queue, 'toKey'>,
): [order: string, later: string, prioritized: string, wait: string] {
  return [
    queue.toKey('fair-order'),
    queue.toKey('fair-order:later'),
    queue.toKey('prioritized'),
    queue.toKey('wait'),
  ];
}
