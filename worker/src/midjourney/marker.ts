import { isTaskId, type TaskId } from '@midjourney-api/shared/tasks/task-id';

/**
 * The marker `<#id#>` in front of a prompt survives in what Midjourney echoes, and shows which task a message belongs
 * to. The api breaks up anything that looks like one in the prompts of clients.
 */

/** Links of pictures, each perhaps with a weight: `https://a.example/1.png::2`. Clients may send Discord's `<https://…>`. */
const link = String.raw`<?https?:\/\/[^\s>]+>?(?:\s*::-?[\d.]*)?`;
const links = new RegExp(`^(?:${link}(?:\\s+|$))*`, 'i');

/** Image prompts have to stand first: the marker follows the links that a prompt begins with. */
export function markPrompt(prompt: string, taskId: TaskId): string {
  const first = links.exec(prompt)?.[0] ?? '';
  const rest = prompt.slice(first.length);
  const separator = first === '' || /\s$/.test(first) ? '' : ' ';
  // A parameter is only one behind a space.
  return `${first}${separator}<#${taskId}#>${rest.startsWith('--') ? ' ' : ''}${rest}`;
}

/** The marker, only where it was put: first, or right behind the links, which Midjourney has shortened. */
export function readMarker(text: string): TaskId | undefined {
  const id = marker.exec(text)?.[2];
  return id && isTaskId(id) ? id : undefined;
}

const marker = new RegExp(String.raw`^(\s*(?:${link}\s+)*)<#(\d+)#>\s*`, 'i');

/** What Midjourney echoes, as it was before it was marked. */
export function withoutMarker(text: string): string {
  return text.replace(marker, '$1').trimEnd();
}
