import type { Button } from '../tasks/task.ts';
import { buttonsIn } from './components.ts';
import { actionOf } from './press-facts.ts';

/**
 * The buttons of a message in reading order. Which of them a picture has differs by model version, so they are read,
 * never assumed. Link buttons have no custom_id and are left out.
 */
export function readButtons(components: readonly unknown[] | undefined): Button[] {
  return buttonsIn(components).flatMap(({ custom_id, label, emoji }) => {
    if (!custom_id) return [];
    const action = actionOf(custom_id);
    return [{ label: label || emoji?.name || custom_id, custom_id, ...(action && { action }) }];
  });
}
