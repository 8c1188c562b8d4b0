/** Waiting, accepted by Discord, being drawn: in the order in which a task passes through them. */
export const openStatuses = ['queued', 'submitted', 'running'] as const;

export const taskStatuses = [...openStatuses, 'succeeded', 'failed'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

/** Whether the task has not ended. */
export function isOpen({ status }: { status: TaskStatus }): boolean {
  return openStatuses.some((open) => open === status);
}
