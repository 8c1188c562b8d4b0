import type { Database } from '@midjourney-api/shared/database/connect';
import type { User } from '@midjourney-api/shared/users/users';
import { Refusal } from '../refusal.ts';
import type { TaskRequest } from '../requests/task-request.ts';
import { customIdFromHash, type FollowUp, findButton } from './follow-up.ts';
import {
  findFinishedParent,
  isDrawnHere,
  type NamedParent,
  noSuchParent,
  parentIdOf,
  unavailable,
} from './parent.ts';
import { type FormText, type PressDependencies, pressWithForm } from './press-on-parent.ts';

interface NamedFollowUp {
  parent: NamedParent;
  followUp: FollowUp;
  /** What to write into the form that the button opens in remix mode. */
  form?: FormText | undefined;
}

/**
 * The press that a follow-up needs.
 * @throws {Refusal} as `findFinishedParent` and `pressWithForm`; `not_found` without such a task of this user;
 * `action_unavailable` when the parent has no such button.
 */
export async function followUpRequest(
  deps: PressDependencies,
  user: Pick<User, 'id' | 'userName'>,
  { parent: named, followUp, form }: NamedFollowUp,
): Promise<TaskRequest> {
  const { type: triggerType } = followUp;
  const index = 'index' in followUp ? followUp.index : null;
  const parent = await findFinishedParent(deps.db, user.id, named);
  if (!parent && form) throw noSuchParent(named);
  if (!parent) return { triggerType, ...(await pressOnUnknownParent(deps.db, named, followUp)), index };
  const button = findButton(parent.buttons, followUp);
  if (!button) throw unavailable(parent, `has no button for "${triggerType}"`);
  const press = await pressWithForm(deps, { user, kind: triggerType, parent, button, form });
  return { triggerType, ...press, index };
}

/** A picture that an older installation drew in the same channel: its button cannot be read, only derived. */
async function pressOnUnknownParent(db: Database, named: NamedParent, followUp: FollowUp) {
  const { messageId, messageHash, taskId } = named;
  // The same for another user's picture, so that it does not show that there is one.
  if (!messageId || !messageHash || (await isDrawnHere(db, named)))
    throw new Refusal(
      'not_found',
      `You have no task ${taskId}. If an older installation drew it, send its msg_id and msg_hash too.`,
    );
  const customId = customIdFromHash(followUp, messageHash);
  if (!customId)
    throw new Refusal(
      'action_unavailable',
      `This service did not draw that picture, so its button for "${followUp.type}" is not known. Nothing was charged.`,
      { available: [], advice: { operation: 'show' } },
    );
  const action = { kind: 'button' as const, messageId: String(messageId), messageFlags: 0, customId };
  return { parentId: parentIdOf(named), prompt: '', action };
}
