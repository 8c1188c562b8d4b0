import { z } from '@hono/zod-openapi';
import type { Database } from '@midjourney-api/shared/database/connect';
import { customIdFromHash, type FollowUp, findButton } from '@midjourney-api/shared/tasks/buttons';
import { findTask, findTasksByMessage } from '@midjourney-api/shared/tasks/find-tasks';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { isTaskId, type TaskId } from '@midjourney-api/shared/tasks/task-id';
import { Problem } from '../problems/problem.ts';
import type { TaskRequest } from './submit-task.ts';
import { exampleHash, taskIdField } from './task-fields.ts';

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
};

interface NamedParent {
  trigger_id: string;
  msg_id?: string | null | undefined;
  msg_hash?: string | null | undefined;
}

/**
 * The button press that a follow-up comes down to.
 * @throws {Problem} 404 without such a task of this user, 400 when the ids do not belong together,
 * 409 when the parent has no such button (now).
 */
export async function pressOnParent(
  db: Database,
  userId: number,
  named: NamedParent,
  followUp: FollowUp,
): Promise<Omit<TaskRequest, 'triggerType'>> {
  const index = 'index' in followUp ? followUp.index : null;
  const parentId = isTaskId(named.trigger_id) ? named.trigger_id : null;
  const parent = await findParent(db, userId, parentId, named);
  if (!parent) return { ...pressOnUnknownParent(named, followUp), index, parentId };

  checkNamedIds(named, parent);
  return {
    index,
    parentId: parent.id,
    account: parent.account,
    prompt: parent.prompt,
    action: pressOn(parent, followUp),
  };
}

/**
 * The user's own task that is meant, by its id or else by its picture's message.
 * @throws {Problem} 404 when the picture is another user's: no id of theirs gets anything done with it.
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
  const drawnHere = await findTasksByMessage(db, named.msg_id);
  const own = drawnHere.find((task) => task.userId === userId);
  if (!own && drawnHere.length > 0) throw noSuchTask(named);
  return own;
}

function noSuchTask({ trigger_id }: NamedParent): Problem {
  return new Problem(
    'not_found',
    `You have no task ${trigger_id}. If an older installation drew it, send its msg_id and msg_hash too.`,
  );
}

/** A picture drawn by an older installation in the same channel: its button cannot be read, only derived. */
function pressOnUnknownParent(named: NamedParent, followUp: FollowUp) {
  const { msg_id, msg_hash } = named;
  if (!msg_id || !msg_hash) throw noSuchTask(named);
  const customId = customIdFromHash(followUp, msg_hash);
  return { prompt: '', action: { kind: 'button' as const, messageId: msg_id, messageFlags: 0, customId } };
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
  throw new Problem(
    'invalid_request',
    `${names} must be those of task ${trigger_id}; they may be left out.`,
    { errors },
  );
}

function pressOn(parent: Task, followUp: FollowUp) {
  if (parent.status === 'failed') {
    throw new Problem(
      'action_unavailable',
      `Task ${parent.id} failed, so there is no picture to continue. Nothing was charged.`,
    );
  }
  if (parent.status !== 'succeeded' || !parent.messageId) {
    throw new Problem(
      'action_unavailable',
      `Task ${parent.id} is ${parent.status}; wait until it has succeeded. Nothing was charged.`,
    );
  }
  const buttons = parent.buttons ?? [];
  const button = findButton(buttons, followUp);
  if (!button) {
    const actions = [...new Set(buttons.flatMap(({ action }) => action ?? []))];
    throw new Problem(
      'action_unavailable',
      `The picture of task ${parent.id} has no button for "${followUp.type}". ${
        actions.length > 0 ? `It has: ${actions.join(', ')}` : 'It has no buttons'
      }. Nothing was charged.`,
    );
  }
  return {
    kind: 'button' as const,
    messageId: parent.messageId,
    messageFlags: parent.messageFlags ?? 0,
    customId: button.custom_id,
  };
}
