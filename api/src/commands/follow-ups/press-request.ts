import { type Press, parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import { formOf, nameOfButton } from '@midjourney-api/shared/midjourney/press-facts';
import type { Button, Task } from '@midjourney-api/shared/tasks/task';
import type { User } from '@midjourney-api/shared/users/users';
import type { PreparedPrompt } from '../prompts/prepare-prompt.ts';
import { Refusal } from '../refusal.ts';
import type { TaskRequest } from '../requests/task-request.ts';
import {
  type FinishedParent,
  findFinishedParent,
  type NamedParent,
  noSuchParent,
  notPressable,
  ownSpeed,
  unavailable,
} from './parent.ts';
import { type FormText, type PressDependencies, pressWithForm } from './press-on-parent.ts';
import { objectionToPress, seesForms } from './pressable.ts';

/** A button as a client names it: by what the task lists of it. */
export type NamedButton = { customId: string } | { label: string };

interface NamedPress {
  parent: NamedParent;
  button: NamedButton;
  form?: FormText | undefined;
}

/**
 * The press of any button that the parent shows.
 * @throws {Refusal} as `findFinishedParent` and `pressWithForm`; `not_found` without such a task of this user;
 * `action_unavailable` when the parent has no such button, or pressing it draws nothing; `invalid_request` when the
 * button takes no prompt.
 */
export async function pressRequest(
  deps: PressDependencies,
  user: Pick<User, 'id' | 'userName'>,
  { parent: named, button: wanted, form }: NamedPress,
): Promise<TaskRequest> {
  const parent = await findFinishedParent(deps.db, user.id, named);
  if (!parent) throw noSuchParent(named);
  const button = findNamedButton(parent, wanted);
  const press = parseCustomId(button.custom_id);
  checkPress(parent, button, press, form);
  const kind = 'action';
  if (isDrawnAsPrompt(press, parent, form)) {
    const prepared =
      form &&
      (await deps.preparePrompt({ ...form, bot: parent.task.action.bot, user, kind, use: 'imagine' }));
    const shown = prepared?.shown ?? textBehind(parent.task, press);
    if (shown !== undefined) return imagineText(parent, shown, prepared, button);
  }
  const { action, ...request } = await pressWithForm(deps, { user, kind, parent, button, form });
  return {
    triggerType: kind,
    ...request,
    action: { ...action, button: nameOfButton(button.custom_id) },
    prompt: form ? request.prompt : (textBehind(parent.task, press) ?? request.prompt),
    index: 'index' in press ? press.index : null,
  };
}

function findNamedButton(parent: FinishedParent, wanted: NamedButton): Button {
  const button = parent.buttons.find((shown) =>
    'customId' in wanted ? shown.custom_id === wanted.customId : isLabelled(shown, wanted.label),
  );
  if (button) return button;
  throw unavailable(parent, `has no button "${'customId' in wanted ? wanted.customId : wanted.label}"`);
}

function isLabelled({ label }: Button, wanted: string): boolean {
  return label.trim().toLowerCase() === wanted.trim().toLowerCase();
}

/** @throws {Refusal} for a button that cannot be pressed, or that takes no prompt. */
function checkPress(parent: FinishedParent, button: Button, press: Press, form: FormText | undefined): void {
  const objection = objectionToPress(press, parent.account);
  if (objection) throw notPressable(parent, button, objection);
  if (press.kind === 'region')
    throw notPressable(parent, button, { why: 'needs a mask too', advice: { operation: 'vary_region' } });
  if (!form || formOf(press) !== undefined) return;
  const errors = [{ path: 'prompt', message: `is not possible: "${button.label}" takes none` }];
  throw new Refusal('invalid_request', `The button "${button.label}" takes no prompt: leave it out.`, {
    errors,
  });
}

/** Whether the prompt is submitted as an imagine: its form would not be shown here, or opens in remix mode only. */
function isDrawnAsPrompt(press: Press, { account }: FinishedParent, form: FormText | undefined): boolean {
  if (press.kind === 'described_prompt') return !seesForms(account);
  return press.kind === 'shortened_prompt' && form !== undefined;
}

/** The prompt that a button with a number draws. */
export function textBehind({ texts }: Pick<Task, 'texts'>, press: Press): string | undefined {
  return 'number' in press ? texts?.[press.number - 1] : undefined;
}

/** Draws with /imagine what the form of the button would draw. */
function imagineText(
  { task }: FinishedParent,
  text: string,
  prepared: PreparedPrompt | undefined,
  { custom_id }: Button,
): TaskRequest {
  const { id: parentId, account } = task;
  const { bot } = task.action;
  const action = {
    kind: 'imagine' as const,
    prompt: prepared?.sent ?? text,
    button: nameOfButton(custom_id),
    ...(bot && { bot }),
  };
  return {
    triggerType: 'action',
    parentId,
    account,
    prompt: text,
    speed: ownSpeed(task),
    index: null,
    action,
    warnings: prepared?.warnings ?? null,
  };
}
