import { isTaskId, type TaskId } from '@midjourney-api/shared/tasks/task-id';

/**
 * The marker `<#id#>` in front of a prompt survives in what Midjourney echoes, and shows which task a message belongs
 * to. The api breaks up anything that looks like one in the prompts of clients.
 */

/** Image prompts have to stand first: the marker follows the links that a prompt begins with. */
export function markPrompt(prompt: string, taskId: TaskId): string {
  const links = /^(?:https?:\/\/\S+\s+)*/.exec(prompt)?.[0] ?? '';
  const rest = prompt.slice(links.length);
  // A parameter is only one behind a space.
  return `${links}<#${taskId}#>${rest.startsWith('--') ? ' ' : ''}${rest}`;
}

/** The marker, only where it was put: first, or right behind the links, which Midjourney has shortened. */
export function readMarker(text: string): TaskId | undefined {
  const id = marker.exec(text)?.[2];
  return id && isTaskId(id) ? id : undefined;
}

const marker = /^(\s*(?:<?https?:\/\/[^\s>]+>?\s+)*)<#(\d+)#>\s*/;

/** What Midjourney echoes, as it was before it was marked. */
export function withoutMarker(text: string): string {
  return text.replace(marker, '$1');
}
