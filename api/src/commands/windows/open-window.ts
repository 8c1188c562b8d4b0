import { parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import type { Button } from '@midjourney-api/shared/tasks/task';
import { storeWindow, type Window } from '@midjourney-api/shared/tasks/windows';
import type { Dependencies } from '../../dependencies.ts';
import { type FinishedParent, notPressable } from '../follow-ups/parent.ts';
import { pressOnParent } from '../follow-ups/press-on-parent.ts';
import { objectionToPress } from '../follow-ups/pressable.ts';
import { checkHook, type Order } from '../submit.ts';
import { proposedText } from './form-text.ts';

/**
 * Opens the form of a button. Nothing is charged or pressed before the form is submitted.
 * @throws {Refusal} `action_unavailable` where the account cannot press it; `invalid_request` for a hook that may not
 * be called.
 */
export async function openWindow(
  { config, db, newTaskId, clock }: Pick<Dependencies, 'config' | 'db' | 'newTaskId' | 'clock'>,
  { user, hook, state }: Pick<Order, 'user' | 'hook' | 'state'>,
  parent: FinishedParent,
  button: Button,
): Promise<Window> {
  checkHook(hook, config);
  const press = parseCustomId(button.custom_id);
  const objection = objectionToPress(press, parent.account);
  if (objection) throw notPressable(parent, button, objection);
  const window = {
    ...pressOnParent(parent, button),
    id: newTaskId(),
    userId: user.id,
    prompt: proposedText(parent.task, press),
    state: state ?? null,
    notifyHook: hook?.url ?? null,
    createdAt: clock(),
    cancelledAt: null,
  };
  await storeWindow(db, window);
  return window;
}
