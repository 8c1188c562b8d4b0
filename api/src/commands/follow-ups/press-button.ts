import { type Press, parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import { formOf, nameOfButton } from '@midjourney-api/shared/midjourney/press-facts';
import type { Button, Task, TriggerType } from '@midjourney-api/shared/tasks/task';
import type { User } from '@midjourney-api/shared/users/users';
import type { Dependencies } from '../../dependencies.ts';
import type { PreparedPrompt, PreparePrompt } from '../prompts/prepare-prompt.ts';
import type { PromptFields } from '../prompts/prompt-fields.ts';
import { Refusal } from '../refusal.ts';
import type { TaskRequest } from '../requests/task-request.ts';
import { customIdFromHash, type FollowUp, findButton } from './follow-up.ts';
import {
  type FinishedParent,
  findFinishedParent,
  type NamedParent,
  noSuchParent,
  ownSpeed,
  parentIdOf,
  unavailable,
} from './parent.ts';
import { formNeedsRemix, formNeedsUserSession, seesForms, whyNotPressable } from './pressable.ts';

export interface PressDependencies extends Pick<Dependencies, 'db'> {
  preparePrompt: PreparePrompt;
}

/**
 * The button press that a follow-up comes down to.
 * @param form what to write into the form that the button opens in remix mode
 * @throws {Refusal} as `findFinishedParent`; as `PreparePrompt`; `not_found` without such a task of this user,
 * `action_unavailable` when the parent has no such button (now), or a form that nobody would see.
 */
export async function followUpRequest(
  deps: PressDependencies,
  user: Pick<User, 'id' | 'userName'>,
  named: NamedParent,
  followUp: FollowUp,
  form?: FormText,
): Promise<TaskRequest> {
  const triggerType = followUp.type;
  const index = 'index' in followUp ? followUp.index : null;
  const parent = await findFinishedParent(deps.db, user.id, named);
  if (!parent && form) throw noSuchParent(named, 'or bring its picture here with /show');
  if (!parent) return { triggerType, ...pressOnUnknownParent(named, followUp), index };
  const button = findButton(parent.buttons, followUp);
  if (!button) throw unavailable(parent, `has no button for "${followUp.type}"`);
  return { triggerType, ...(await pressWithForm(deps, user, triggerType, parent, button, form)), index };
}

/** A picture drawn by an older installation in the same channel: its button cannot be read, only derived. */
function pressOnUnknownParent(named: NamedParent, followUp: FollowUp) {
  const { messageId, messageHash } = named;
  if (!messageId || !messageHash) throw noSuchParent(named);
  const customId = customIdFromHash(followUp, messageHash);
  if (!customId) {
    throw new Refusal(
      'action_unavailable',
      `This service did not draw that picture, so its button for "${followUp.type}" is not known. Bring it here with /show, and continue that task. Nothing was charged.`,
      { available: [] },
    );
  }
  const action = { kind: 'button' as const, messageId: String(messageId), messageFlags: 0, customId };
  return { parentId: parentIdOf(named), prompt: '', action };
}

/** A button as a client names it: by what the task lists of it. */
export type NamedButton = { customId: string } | { label: string };

/** What to write into the form that a button opens. */
export interface FormText {
  text: string;
  params?: PromptFields | null | undefined;
}

/**
 * The press of any button that the parent shows.
 * @throws {Refusal} as `followUpRequest`; as `PreparePrompt`; `action_unavailable` when pressing it draws nothing,
 * `invalid_request` when it has no use for a prompt.
 */
export async function pressRequest(
  deps: PressDependencies,
  user: Pick<User, 'id' | 'userName'>,
  named: NamedParent,
  wanted: NamedButton,
  form: FormText | undefined,
): Promise<TaskRequest> {
  const parent = await findFinishedParent(deps.db, user.id, named);
  if (!parent) throw noSuchParent(named, 'or bring its picture here with /show');
  const button = findNamedButton(parent, wanted);
  const press = parseCustomId(button.custom_id);
  const kind = 'action';
  const cannot = (why: string) => unavailable(parent, `has the button "${button.label}", but it ${why}`);
  const whyNot = whyNotPressable(press, parent.account);
  if (whyNot !== undefined) throw cannot(whyNot);
  if (press.kind === 'region') throw cannot('needs a mask too: POST /vary_region takes one');
  if (form && formOf(press) === undefined) {
    const errors = [{ path: 'prompt', message: `is nothing that "${button.label}" asks for` }];
    throw new Refusal('invalid_request', `The button "${button.label}" asks for no prompt.`, { errors });
  }
  if (isDrawnAsPrompt(press, parent, form)) {
    const prepared =
      form &&
      (await deps.preparePrompt({ ...form, bot: parent.task.action.bot, user, kind, use: 'imagine' }));
    const shown = prepared?.shown ?? textBehind(parent.task, press);
    if (shown !== undefined) return imagineText(parent, shown, prepared, button);
  }
  const { action, ...request } = await pressWithForm(deps, user, kind, parent, button, form);
  return {
    triggerType: kind,
    ...request,
    action: { ...action, button: nameOfButton(button.custom_id) },
    prompt: form ? request.prompt : (textBehind(parent.task, press) ?? request.prompt),
    index: 'index' in press ? press.index : null,
  };
}

/** Where the form would be seen by nobody, or opens in remix mode only, what would be written into it is drawn. */
function isDrawnAsPrompt(press: Press, { account }: FinishedParent, form: FormText | undefined): boolean {
  if (press.kind === 'described_prompt') return !seesForms(account);
  return press.kind === 'shortened_prompt' && form !== undefined;
}

/** @throws {Refusal} as `PreparePrompt`; `action_unavailable` when the form would be seen by nobody. */
export async function pressWithForm(
  { preparePrompt }: PressDependencies,
  user: Pick<User, 'userName'>,
  kind: TriggerType,
  parent: FinishedParent,
  button: Button,
  form: FormText | undefined,
) {
  const { action, ...request } = pressOnParent(parent, button);
  if (!form) return { ...request, action };
  const press = parseCustomId(button.custom_id);
  const cannot = (why: string) => unavailable(parent, `has the button "${button.label}", but it ${why}`);
  if (!seesForms(parent.account)) throw cannot(formNeedsUserSession);
  // Midjourney would draw at once, without the prompt.
  if (formOf(press) === 'in remix mode' && parent.account?.remix === false) throw cannot(formNeedsRemix);
  const drawsVideo = press.kind === 'animate' || press.kind === 'extend_video';
  const { shown, sent, warnings } = await preparePrompt({
    ...form,
    bot: parent.task.action.bot,
    user,
    kind,
    use: 'form',
    modelOfPicture: drawsVideo ? 'video' : parent.task.drawn?.model,
  });
  return { ...request, action: { ...action, prompt: sent }, prompt: shown, warnings };
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

/** The press of a button without what is written into its form. */
export function pressOnParent({ task, messageId }: FinishedParent, { custom_id }: Button) {
  const action = {
    kind: 'button' as const,
    messageId,
    messageFlags: task.messageFlags ?? 0,
    customId: custom_id,
    ...(task.action.bot && { bot: task.action.bot }),
  };
  const { id: parentId, account, prompt } = task;
  return { parentId, account, prompt, speed: ownSpeed(task), action };
}

/** The prompt that a button with a number draws. */
export function textBehind({ texts }: Pick<Task, 'texts'>, press: Press): string | undefined {
  return 'number' in press ? texts?.[press.number - 1] : undefined;
}

/** What a description's form would draw, where nobody would see that form: the same text, as a prompt. */
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
