import { z } from '@hono/zod-openapi';
import { type AccountRow, findAccount } from '@midjourney-api/shared/accounts/accounts';
import type { Database } from '@midjourney-api/shared/database/connect';
import { type Press, parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import { factsOf, nameOfButton } from '@midjourney-api/shared/midjourney/press-facts';
import { findTask, findTasksByHash, findTasksByMessage } from '@midjourney-api/shared/tasks/find-tasks';
import { type Button, isClaimable, type Speed, type Task } from '@midjourney-api/shared/tasks/task';
import { isTaskId, type TaskId } from '@midjourney-api/shared/tasks/task-id';
import { exampleHash, speedField, taskIdField } from '../http/v1/fields.ts';
import { customIdFromHash, type FollowUp, findButton } from './follow-up.ts';
import { Refusal } from './refusal.ts';
import type { TaskRequest } from './submit.ts';

/** How a follow-up names the task whose picture it continues. */
export const parentFields = {
  trigger_id: taskIdField.describe('the task whose picture is meant'),
  msg_id: z
    .string()
    .regex(/^\d{10,20}$/, "must be the id of Discord's message")
    .nullish()
    .openapi({ example: '1279000000000000000' })
    .describe('looked up when left out'),
  msg_hash: z
    .string()
    // It becomes a part of the button's custom_id, whose parts are separated by "::".
    .regex(/^[0-9A-Za-z-]{1,64}$/, "must be the picture's hash")
    .nullish()
    .openapi({ example: exampleHash })
    .describe('looked up when left out'),
  speed: speedField.describe(
    'a button draws at the speed of its picture, or that of its account: this can only be the same',
  ),
};

interface NamedParent {
  trigger_id: string;
  msg_id?: string | null | undefined;
  msg_hash?: string | null | undefined;
  speed?: Speed | null | undefined;
}

type ParentPress = Omit<TaskRequest, 'triggerType'>;

/**
 * The button press that a follow-up comes down to.
 * @throws {Refusal} 404 without such a task of this user, 400 when the ids do not belong together,
 * 409 when the parent has no such button (now).
 */
export async function pressOnParent(
  db: Database,
  userId: number,
  named: NamedParent,
  followUp: FollowUp,
): Promise<ParentPress> {
  const index = 'index' in followUp ? followUp.index : null;
  const parentId = isTaskId(named.trigger_id) ? named.trigger_id : null;
  const parent = await findParent(db, userId, parentId, named);
  if (!parent) return { ...pressOnUnknownParent(named, followUp), index, parentId };

  const finished = await finishedParent(db, named, parent);
  const button = findButton(finished.buttons, followUp);
  if (!button) throw unavailable(finished, `has no button for "${followUp.type}"`);
  return { ...requestToPress(finished, button), index };
}

/** A button as a client names it: by what the task lists of it. */
export type NamedButton = { custom_id: string } | { label: string };

/**
 * The press of any button that the parent shows.
 * @param prompt what to write into the form that the button opens
 * @throws {Refusal} as `pressOnParent`, and 409 when pressing it draws nothing.
 */
export async function pressNamedButton(
  db: Database,
  userId: number,
  named: NamedParent,
  wanted: NamedButton,
  prompt: string | undefined,
): Promise<ParentPress> {
  const parent = await findParent(db, userId, isTaskId(named.trigger_id) ? named.trigger_id : null, named);
  if (!parent) throw noSuchTask(named, 'or bring its picture here with /show');

  const finished = await finishedParent(db, named, parent);
  const button = finished.buttons.find((shown) =>
    'custom_id' in wanted ? shown.custom_id === wanted.custom_id : isLabelled(shown, wanted.label),
  );
  const name = 'custom_id' in wanted ? wanted.custom_id : wanted.label;
  if (!button) throw unavailable(finished, `has no button "${name}"`);
  const press = parseCustomId(button.custom_id);
  const facts = factsOf(press);
  if (!facts.draws) throw unavailable(finished, `has the button "${button.label}", but it ${facts.whyNot}`);
  if (prompt !== undefined && facts.form === 'never') {
    const errors = [{ path: 'prompt', message: `is nothing that "${button.label}" asks for` }];
    throw new Refusal('invalid_request', `The button "${button.label}" asks for no prompt.`, { errors });
  }
  const text = prompt ?? textBehind(finished.task, press);
  if (press.kind === 'described_prompt' && text !== undefined && !seesForms(finished)) {
    return imagineText(finished, text, button);
  }
  const fillsForm = facts.needs === 'user session' || prompt !== undefined;
  if (fillsForm && !seesForms(finished)) throw unavailable(finished, needsUserSession(button));
  const { action, ...request } = requestToPress(finished, button);
  return {
    ...request,
    action: { ...action, button: nameOfButton(button.custom_id), ...(prompt !== undefined && { prompt }) },
    prompt: text ?? request.prompt,
    index: 'index' in press ? press.index : null,
  };
}

function isLabelled({ label }: Button, wanted: string): boolean {
  return label.trim().toLowerCase() === wanted.trim().toLowerCase();
}

function needsUserSession({ label }: Button): string {
  return `has the button "${label}", but the form that it opens for a prompt is shown to the account's user only: the operator has to let the account listen with a user session`;
}

/**
 * The user's own task that is meant, by its id or else by its picture's message.
 * @throws {Refusal} 404 when the picture is another user's: no id of theirs gets anything done with it.
 */
async function findParent(
  db: Database,
  userId: number,
  parentId: TaskId | null,
  named: NamedParent,
): Promise<Task | undefined> {
  const found = parentId && (await findTask(db, parentId));
  if (found && found.userId === userId) return found;
  if (!named.msg_id) return undefined;
  const drawnHere = [
    ...(await findTasksByMessage(db, named.msg_id)),
    ...(named.msg_hash ? await findTasksByHash(db, named.msg_hash.toLowerCase()) : []),
  ];
  const own = drawnHere.find((task) => task.userId === userId);
  if (!own && drawnHere.length > 0) throw noSuchTask(named);
  return own;
}

function noSuchTask({ trigger_id }: NamedParent, otherwise = 'send its msg_id and msg_hash too'): Refusal {
  return new Refusal(
    'not_found',
    `You have no task ${trigger_id}. If an older installation drew it, ${otherwise}.`,
  );
}

/** A picture drawn by an older installation in the same channel: its button cannot be read, only derived. */
function pressOnUnknownParent(
  named: NamedParent,
  followUp: FollowUp,
): Pick<ParentPress, 'prompt' | 'action'> {
  const { msg_id, msg_hash } = named;
  if (!msg_id || !msg_hash) throw noSuchTask(named);
  const customId = customIdFromHash(followUp, msg_hash);
  if (!customId) {
    throw new Refusal(
      'action_unavailable',
      `This service did not draw that picture, so its button for "${followUp.type}" is not known. Bring it here with /show, and continue that task. Nothing was charged.`,
      { available: [] },
    );
  }
  return { prompt: '', action: { kind: 'button', messageId: msg_id, messageFlags: 0, customId } };
}

/** A parent that has its picture, or its texts, under which there are buttons. */
interface FinishedParent {
  task: Task;
  messageId: string;
  buttons: Button[];
  account: Pick<AccountRow, 'session' | 'speed'> | undefined;
}

/** Forms are opened for the account's user: a bot's session does not hear of them. */
function seesForms({ account }: FinishedParent): boolean {
  return account?.session === 'user';
}

/** @throws {Refusal} 400 when the ids are not the parent's, 409 when it has no result or another speed. */
async function finishedParent(db: Database, named: NamedParent, task: Task): Promise<FinishedParent> {
  checkNamedIds(named, task);
  if (task.status === 'failed') {
    throw new Refusal(
      'action_unavailable',
      isClaimable(task)
        ? `Task ${task.id} failed, and its picture came late: POST /task/${task.id}/claim makes it yours. Nothing was charged.`
        : `Task ${task.id} failed, so there is no picture to continue. Nothing was charged.`,
      { available: [] },
    );
  }
  if (task.status !== 'succeeded' || !task.messageId) {
    throw new Refusal(
      'action_unavailable',
      `Task ${task.id} is ${task.status}; wait until it has succeeded. Nothing was charged.`,
      { available: [] },
    );
  }
  const account = task.account === null ? undefined : await findAccount(db, task.account);
  const parent = { task, messageId: task.messageId, buttons: task.buttons ?? [], account };
  const speed = ownSpeed(task) ?? account?.speed;
  if (named.speed && named.speed !== speed) {
    const own = speed ? `at its own speed, ${speed}` : 'at the speed that its account is set to';
    throw unavailable(parent, `is continued ${own}: leave speed out`);
  }
  return parent;
}

function checkNamedIds({ trigger_id, msg_id, msg_hash }: NamedParent, parent: Task): void {
  const errors = [
    ...(msg_id && parent.messageId && msg_id !== parent.messageId ? ['msg_id'] : []),
    ...(msg_hash && parent.messageHash && msg_hash.toLowerCase() !== parent.messageHash.toLowerCase()
      ? ['msg_hash']
      : []),
  ].map((path) => ({ path, message: `is not that of task ${trigger_id}` }));
  if (errors.length === 0) return;
  const names = errors.map(({ path }) => path).join(' and ');
  throw new Refusal(
    'invalid_request',
    `${names} must be those of task ${trigger_id}; they may be left out.`,
    { errors },
  );
}

/** Names what can be done instead, for people and for programs. */
function unavailable(parent: FinishedParent, why: string): Refusal {
  const { task, buttons } = parent;
  const available = buttons.filter(({ custom_id }) => {
    const facts = factsOf(parseCustomId(custom_id));
    return facts.draws && (facts.needs !== 'user session' || seesForms(parent));
  });
  const names = [...new Set(available.map(({ action, label }) => action ?? `"${label}"`))];
  const instead = names.length > 0 ? `It has: ${names.join(', ')}` : 'It has no buttons that draw';
  return new Refusal(
    'action_unavailable',
    `The picture of task ${task.id} ${why}. ${instead}. Nothing was charged.`,
    { available },
  );
}

function requestToPress({ task, messageId }: FinishedParent, { custom_id }: Button) {
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
function textBehind({ texts }: Task, press: Press): string | undefined {
  return 'number' in press ? texts?.[press.number - 1] : undefined;
}

/** What a description's form would draw, where nobody would see that form: the same text, as a prompt. */
function imagineText({ task }: FinishedParent, text: string, { custom_id }: Button): ParentPress {
  const { bot } = task.action;
  const button = nameOfButton(custom_id);
  const action = { kind: 'imagine' as const, prompt: text, button, ...(bot && { bot }) };
  return {
    parentId: task.id,
    account: task.account,
    prompt: text,
    speed: ownSpeed(task),
    index: null,
    action,
  };
}

/** Shortened prompts are drawn at the speed of their account: theirs only chose that one. */
function ownSpeed({ action, speed }: Task): Speed | null {
  return action.kind === 'shorten' ? null : speed;
}
