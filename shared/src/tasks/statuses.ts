/** Open: waiting, accepted by Discord, being drawn; in the order in which a task goes through them. */
export const openStatuses = ['queued', 'submitted', 'running'] as const;

export const taskStatuses = [...openStatuses, 'succeeded', 'failed'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

/** Whether it has not ended yet. */
export function isOpen({ status }: { status: TaskStatus }): boolean {
  return openStatuses.some((open) => open === status);
}
