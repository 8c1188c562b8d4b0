import { type AccountRow, findAccount } from '@midjourney-api/shared/accounts/accounts';
import type { Database } from '@midjourney-api/shared/database/connect';
import { parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import { findTask, findTasksByHash, findTasksByMessage } from '@midjourney-api/shared/tasks/find-tasks';
import { type Button, isClaimable, type Speed, type Task } from '@midjourney-api/shared/tasks/task';
import { isTaskId, type TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { Advice } from '../advice.ts';
import { lateResultOf, Refusal } from '../refusal.ts';
import { type Objection, objectionToPress } from './pressable.ts';

/** How a client names the task whose picture it continues. What is left out is looked up. */
export interface NamedParent {
  taskId: string;
  /**
   * Discord's id of the picture's message. A bigint came as a JSON number, whose last digits a program on the way may
   * have rounded.
   */
  messageId?: string | bigint | null | undefined;
  messageHash?: string | null | undefined;
  /** Must be the parent's own speed. */
  speed?: Speed | null | undefined;
}

/** A parent that has succeeded: it has a picture or texts, and buttons under them. */
export interface FinishedParent {
  task: Task;
  messageId: string;
  buttons: Button[];
  account: Pick<AccountRow, 'session' | 'speed' | 'remix'> | undefined;
}

export function parentIdOf({ taskId }: NamedParent): TaskId | null {
  return isTaskId(taskId) ? taskId : null;
}

/**
 * The user's own task that is named, by its id or else by its picture's message.
 * @returns undefined when the user has no such task.
 * @throws {Refusal} `invalid_request` when the ids are not the parent's; `action_unavailable` when it has no result or
 * another speed.
 */
export async function findFinishedParent(
  db: Database,
  userId: number,
  named: NamedParent,
): Promise<FinishedParent | undefined> {
  const task = await findParent(db, userId, named);
  if (!task) return undefined;
  checkNamedIds(named, task);
  const messageId = messageOfFinished(task);
  const account = task.account === null ? undefined : await findAccount(db, task.account);
  const parent = { task, messageId, buttons: task.buttons ?? [], account };
  const speed = ownSpeed(task) ?? account?.speed;
  if (named.speed && named.speed !== speed) {
    const own = speed ? `at its own speed, ${speed}` : 'at the speed that its account is set to';
    throw unavailable(parent, `is continued ${own}: leave speed out`);
  }
  return parent;
}

async function findParent(db: Database, userId: number, named: NamedParent): Promise<Task | undefined> {
  const id = parentIdOf(named);
  const found = id && (await findTask(db, id));
  if (found && found.userId === userId) return found;
  return (await findByMessage(db, named)).find((task) => task.userId === userId);
}

/** Whether this service drew the picture, for whomever. */
export async function isDrawnHere(db: Database, named: NamedParent): Promise<boolean> {
  return (await findByMessage(db, named)).length > 0;
}

async function findByMessage(db: Database, { messageId, messageHash }: NamedParent): Promise<Task[]> {
  if (!messageId) return [];
  return [
    ...(await findTasksByMessage(db, String(messageId))),
    ...(messageHash ? await findTasksByHash(db, messageHash.toLowerCase()) : []),
  ];
}

function checkNamedIds(named: NamedParent, parent: Task): void {
  const { taskId, messageHash } = named;
  const errors = [
    ...(isOtherMessage(named, parent) ? ['msg_id'] : []),
    ...(isOther(messageHash, parent.messageHash) ? ['msg_hash'] : []),
  ].map((path) => ({ path, message: `is not that of task ${taskId}` }));
  if (errors.length === 0) return;
  const names = errors.map(({ path }) => path).join(' and ');
  throw new Refusal('invalid_request', `${names} must be those of task ${taskId}; they may be left out.`, {
    errors,
  });
}

function isOtherMessage({ taskId, messageId }: NamedParent, parent: Task): boolean {
  if (typeof messageId !== 'bigint') return isOther(messageId, parent.messageId);
  // The task's own id names the parent, even if the number has lost digits.
  return taskId !== parent.id && Number(messageId) !== Number(parent.messageId);
}

function isOther(named: string | null | undefined, own: string | null): boolean {
  return !!named && own !== null && named.toLowerCase() !== own.toLowerCase();
}

function messageOfFinished(task: Task): string {
  if (task.status === 'succeeded' && task.messageId) return task.messageId;
  if (isClaimable(task)) throw lateResultOf(task);
  const why =
    task.status === 'failed'
      ? `Task ${task.id} failed, so there is no picture to continue.`
      : `Task ${task.id} is ${task.status}; wait until it has succeeded.`;
  throw new Refusal('action_unavailable', `${why} Nothing was charged.`, { available: [] });
}

/** A shorten only chooses its account by its speed: its prompts are drawn at that account's speed. */
export function ownSpeed({ action, speed }: Task): Speed | null {
  return action.kind === 'shorten' ? null : speed;
}

export function noSuchParent({ taskId }: NamedParent): Refusal {
  return new Refusal('not_found', `You have no task ${taskId}.`, { advice: { operation: 'show' } });
}

/** The picture has the button, and it cannot be pressed. */
export function notPressable(parent: FinishedParent, { label }: Button, { why, advice }: Objection): Refusal {
  return unavailable(parent, `has the button "${label}", but it ${why}`, advice);
}

/** Names the buttons that can be pressed instead, for people and for programs. */
export function unavailable(parent: FinishedParent, why: string, advice?: Advice): Refusal {
  const { task, buttons, account } = parent;
  const available = buttons.filter(({ custom_id }) => !objectionToPress(parseCustomId(custom_id), account));
  const names = [...new Set(available.map(({ action, label }) => action ?? `"${label}"`))];
  const instead = names.length > 0 ? `It has: ${names.join(', ')}` : 'It has no buttons that draw';
  return new Refusal(
    'action_unavailable',
    `The picture of task ${task.id} ${why}. ${instead}. Nothing was charged.`,
    { available, advice },
  );
}
