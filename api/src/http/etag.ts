import type { Task } from '@midjourney-api/shared/tasks/task';

/** A task's entity tag: another with each change. */
export function etagOf(task: Pick<Task, 'id' | 'version'>): string {
  return `"${task.id}-${task.version}"`;
}

/** Whether an If-None-Match header names the tag. https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2 */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (!header) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
