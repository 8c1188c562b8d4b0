import type { Redis } from 'ioredis';
import type { Logger } from '../logging/logger.ts';
import { taskChangesChannel } from '../queues/keys.ts';
import { waitingConnection } from '../redis.ts';
import type { TaskStatus } from './statuses.ts';
import type { Task } from './task.ts';
import { isTaskId, type TaskId } from './task-id.ts';

interface TaskChange {
  id: TaskId;
  status: TaskStatus;
  version: number;
  /** Its worker must make Midjourney stop. */
  cancelRequested: boolean;
}

/** Called for each change. Everything else is read from MySQL: a message through Redis is only a hint. */
type ChangeListener = (change: TaskChange) => void;

/**
 * Announces to every process which tasks changed, over one Redis channel and one subscription per process, however many
 * clients wait. Without Redis nothing is announced, but nothing is lost: waiting callers read the task again when their
 * time is up.
 */
export interface TaskChanges {
  announce(task: Pick<Task, 'id' | 'status' | 'version' | 'cancelRequestedAt'>): void;
  /** @returns a function that stops listening. */
  listen(id: TaskId, listener: ChangeListener): () => void;
  close(): Promise<void>;
}

export async function openTaskChanges(redis: Redis, prefix: string, log: Logger): Promise<TaskChanges> {
  const channel = taskChangesChannel(prefix);
  const listeners = new Map<TaskId, Set<ChangeListener>>();
  const subscriber = waitingConnection(redis);
  subscriber.on('message', (_channel, message) => {
    const change = parseChange(message);
    if (!change) return;
    for (const listener of listeners.get(change.id) ?? []) listener(change);
  });
  // Sent once Redis is reachable; ioredis subscribes again after each reconnection.
  subscriber.subscribe(channel).catch((err) => log.debug({ err }, 'task changes: not subscribed'));

  return {
    announce({ id, status, version, cancelRequestedAt }) {
      redis
        .publish(channel, [id, status, version, ...(cancelRequestedAt ? ['cancel'] : [])].join(' '))
        .catch((err) => log.debug({ err }, 'task changes: not announced'));
    },
    listen(id, listener) {
      const set = listeners.get(id) ?? new Set();
      listeners.set(id, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0 && listeners.get(id) === set) listeners.delete(id);
      };
    },
    async close() {
      subscriber.disconnect();
    },
  };
}

function parseChange(message: string): TaskChange | undefined {
  const [id = '', status = '', version = '', cancel] = message.split(' ');
  if (!isTaskId(id)) return undefined;
  return { id, status: status as TaskStatus, version: Number(version), cancelRequested: cancel === 'cancel' };
}
