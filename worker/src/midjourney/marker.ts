import { isTaskId, type TaskId } from '@midjourney-api/shared/tasks/task-id';

/**
 * The marker `<#id#>` in front of a prompt survives in what Midjourney echoes, and tells which task a message
 * belongs to. The api takes anything that looks like one out of the prompts of clients.
 */

/** Image prompts have to stand first: the marker follows the links that a prompt begins with. */
export function markPrompt(prompt: string, taskId: TaskId): string {
  const links = /^(?:https?:\/\/\S+\s+)*/.exec(prompt)?.[0] ?? '';
  return `${links}<#${taskId}#>${prompt.slice(links.length)}`;
}

/** The marker at its one place: first, or right behind the links, which Midjourney has shortened. */
export function readMarker(text: string): TaskId | undefined {
  const id = /^\s*(?:<?https?:\/\/[^\s>]+>?\s+)*<#(\d{10,19})#>/.exec(text)?.[1];
  return id && isTaskId(id) ? id : undefined;
}
