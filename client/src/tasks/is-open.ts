import type { Task } from '../schema.ts';

/** Whether it has not ended yet. */
export function isOpen({ status }: Pick<Task, 'status'>): boolean {
  return status !== 'succeeded' && status !== 'failed';
}
