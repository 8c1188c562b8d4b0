import type { Button } from '../tasks/task.ts';
import { buttonsIn } from './components.ts';
import { parseCustomId } from './custom-id.ts';
import { actionOf, factsOf, formOf, wordsFor } from './press-facts.ts';

/**
 * The buttons of a message in reading order. Models differ in the buttons of their pictures, so buttons are always read,
 * never assumed. Link buttons have no custom_id and are left out.
 */
export function readButtons(components: readonly unknown[] | undefined): Button[] {
  return buttonsIn(components).flatMap(({ custom_id, label, emoji }) => {
    if (!custom_id) return [];
    const action = actionOf(custom_id);
    return [{ label: label || emoji?.name || custom_id, custom_id, ...(action && { action }) }];
  });
}

/** A button with what a client needs to know before pressing it. */
export interface ShownButton extends Button {
  name: string;
  /** Whether it asks for a prompt; `maybe`: in remix mode only. */
  form?: 'always' | 'maybe';
  /** Why it cannot be pressed here, as a sentence. */
  unavailable?: string;
}

/** @returns the button with the facts that hold for every account. */
export function showButton(button: Button): ShownButton {
  const press = parseCustomId(button.custom_id);
  const facts = factsOf(press);
  const named = { ...button, name: wordsFor(press) ?? button.label };
  if (!facts.draws) return { ...named, unavailable: `It ${facts.whyNot}.` };
  const form = formOf(press);
  return form ? { ...named, form: form === 'always' ? 'always' : 'maybe' } : named;
}
