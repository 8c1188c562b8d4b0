import { type AccountRow, findAccount } from '@midjourney-api/shared/accounts/accounts';
import type { Database } from '@midjourney-api/shared/database/connect';
import { parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import { findTask, findTasksByHash, findTasksByMessage } from '@midjourney-api/shared/tasks/find-tasks';
import { type Button, isClaimable, type Speed, type Task } from '@midjourney-api/shared/tasks/task';
import { isTaskId, type TaskId } from '@midjourney-api/shared/tasks/task-id';
import { Refusal } from '../refusal.ts';
import { whyNotPressable } from './pressable.ts';

/** How a client names the task whose picture it continues. What is left out is looked up. */
export interface NamedParent {
  taskId: string;
  /**
   * Discord's id of the picture's message. A bigint came as a JSON number, of which a program on the way that knows no
   * numbers so large has changed the last digits.
   */
  messageId?: string | bigint | null | undefined;
  messageHash?: string | null | undefined;
  /** Can only be the parent's own. */
  speed?: Speed | null | undefined;
}

/** A parent that has its picture, or its texts, under which there are buttons. */
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
 * The user's own task that is meant, by its id or else by its picture's message.
 * @returns undefined for one that this service did not draw.
 * @throws {Refusal} `not_found` when the picture is another user's: no id of theirs gets anything done with it.
 * `invalid_request` when the ids are not the parent's, `action_unavailable` when it has no result or another speed.
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
  const { messageId, messageHash } = named;
  const id = parentIdOf(named);
  const found = id && (await findTask(db, id));
  if (found && found.userId === userId) return found;
  if (!messageId) return undefined;
  const drawnHere = [
    ...(await findTasksByMessage(db, String(messageId))),
    ...(messageHash ? await findTasksByHash(db, messageHash.toLowerCase()) : []),
  ];
  const own = drawnHere.find((task) => task.userId === userId);
  if (!own && drawnHere.length > 0) throw noSuchParent(named);
  return own;
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
  // The task's own id says which one is meant, whatever became of the number.
  return taskId !== parent.id && Number(messageId) !== Number(parent.messageId);
}

function isOther(named: string | null | undefined, own: string | null): boolean {
  return !!named && own !== null && named.toLowerCase() !== own.toLowerCase();
}

function messageOfFinished(task: Task): string {
  if (task.status === 'succeeded' && task.messageId) return task.messageId;
  throw new Refusal('action_unavailable', `${whyNothingToContinue(task)} Nothing was charged.`, {
    available: [],
  });
}

function whyNothingToContinue(task: Task): string {
  if (task.status !== 'failed') return `Task ${task.id} is ${task.status}; wait until it has succeeded.`;
  return isClaimable(task)
    ? `Task ${task.id} failed, and its picture came late: POST /task/${task.id}/claim makes it yours.`
    : `Task ${task.id} failed, so there is no picture to continue.`;
}

/** Shortened prompts are drawn at the speed of their account: theirs only chose that one. */
export function ownSpeed({ action, speed }: Task): Speed | null {
  return action.kind === 'shorten' ? null : speed;
}

export function noSuchParent(
  { taskId }: NamedParent,
  otherwise = 'send its msg_id and msg_hash too',
): Refusal {
  return new Refusal(
    'not_found',
    `You have no task ${taskId}. If an older installation drew it, ${otherwise}.`,
  );
}

/** Names what can be done instead, for people and for programs. */
export function unavailable(parent: FinishedParent, why: string): Refusal {
  const { task, buttons, account } = parent;
  const available = buttons.filter(
    ({ custom_id }) => whyNotPressable(parseCustomId(custom_id), account) === undefined,
  );
  const names = [...new Set(available.map(({ action, label }) => action ?? `"${label}"`))];
  const instead = names.length > 0 ? `It has: ${names.join(', ')}` : 'It has no buttons that draw';
  return new Refusal(
    'action_unavailable',
    `The picture of task ${task.id} ${why}. ${instead}. Nothing was charged.`,
    { available },
  );
}
