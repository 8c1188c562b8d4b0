import type { ShownTask } from '@midjourney-api/shared/tasks/find-tasks';
import { isOpen } from '@midjourney-api/shared/tasks/statuses';

/** What a client that waits is sent: percent, and a sentence for people. */
export interface Progress {
  progress: number;
  total: 100;
  message: string;
}

/** MCP demands that it grows with each notification, also when only the status has changed. */
const leastStep = 0.5;

/**
 * What to send about an open task.
 * @param before what was sent last
 * @returns undefined where there is nothing new.
 */
export function progressOf(
  task: Pick<ShownTask, 'id' | 'status' | 'progress' | 'waitReason'>,
  before?: Progress,
): Progress | undefined {
  const message = messageOf(task);
  if (!isOpen(task) || message === before?.message) return undefined;
  const least = before === undefined ? 0 : before.progress + leastStep;
  return { progress: Math.max(task.progress, least), total: 100, message };
}

/** Names the task, so that a client which stops waiting can find it again. */
function messageOf({
  id,
  status,
  progress,
  waitReason,
}: Pick<ShownTask, 'id' | 'status' | 'progress' | 'waitReason'>): string {
  if (status === 'running') return `Task ${id}: ${progress} % drawn`;
  if (status === 'submitted') return `Task ${id} is at Midjourney`;
  return waitReason ? `Task ${id} is waiting: ${waitReason}` : `Task ${id} is waiting`;
}
