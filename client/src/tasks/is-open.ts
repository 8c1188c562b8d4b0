import type { Task } from '../schema.ts';

/** Whether the task has not ended. */
export function isOpen({ status }: Pick<Task, 'status'>): boolean {
  return status !== 'succeeded' && status !== 'failed';
}
