import type { Press } from '@midjourney-api/shared/midjourney/custom-id';
import { parsePrompt } from '@midjourney-api/shared/midjourney/prompt';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { textBehind } from '../follow-ups/press-request.ts';

/** What Midjourney's form for a custom zoom adds to the prompt of the picture. */
const proposedZoom = '--zoom 2';

/** What the form of a button proposes: for a number, its text; otherwise the prompt of the picture. */
export function proposedText(parent: Pick<Task, 'prompt' | 'drawn' | 'texts'>, press: Press): string {
  const text = textBehind(parent, press) ?? parent.drawn?.prompt ?? parent.prompt;
  return press.kind === 'custom_zoom' ? withZoom(text) : text;
}

/**
 * What to write into the form.
 * @param written by the client; empty for what the form proposes
 * @returns undefined to leave it as Midjourney proposes it
 */
export function textForForm(press: Press, proposed: string, written: string): string | undefined {
  const text = press.kind === 'custom_zoom' && written.trim() ? withZoom(written.trim()) : written.trim();
  return text === '' || text === proposed.trim() ? undefined : text;
}

function withZoom(text: string): string {
  const zooms = parsePrompt(text).params.some(({ name }) => name.toLowerCase() === 'zoom');
  return zooms ? text : `${text} ${proposedZoom}`.trimStart();
}
