import { parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import { isTaskId } from '@midjourney-api/shared/tasks/task-id';
import { endOf, findWindows, type Window } from '@midjourney-api/shared/tasks/windows';
import type { User } from '@midjourney-api/shared/users/users';
import type { Dependencies } from '../../dependencies.ts';
import { findOwnTask } from '../../queries/access.ts';
import type { PressDependencies } from '../follow-ups/press-on-parent.ts';
import { pressRequest } from '../follow-ups/press-request.ts';
import { varyRegionRequest } from '../follow-ups/vary-region.ts';
import { invalidField, windowClosed } from '../refusal.ts';
import type { TaskRequest } from '../requests/task-request.ts';
import { textForForm } from './form-text.ts';

/**
 * The user's window, which can still be filled in.
 * @throws {Refusal} `not_found` without such a window or task of theirs; `action_unavailable` for one that is closed.
 */
export async function findOpenWindow(
  { db, clock }: Pick<Dependencies, 'db' | 'clock'>,
  user: User,
  id: string,
): Promise<Window> {
  const [window] = isTaskId(id) ? await findWindows(db, user.id, [id]) : [];
  if (!window) await findOwnTask(db, user, id);
  if (!window || endOf(window, clock())) throw windowClosed();
  return window;
}

/**
 * What is submitted with the window's form.
 * @param text what to write into it; empty for what it proposes
 * @param mask for a region: a picture that is white where it is drawn again
 * @throws {Refusal} as `pressRequest` and `varyRegionRequest`; `invalid_request` for a region without a mask.
 */
export async function windowRequest(
  deps: PressDependencies & Pick<Dependencies, 'config'>,
  user: Pick<User, 'id' | 'userName'>,
  { parentId: taskId, action, prompt }: Window,
  { text, mask }: { text: string; mask: Buffer | undefined },
): Promise<TaskRequest> {
  if (action.kind !== 'button') throw new Error(`A window of "${action.kind}" has no button.`);
  const { customId } = action;
  const press = parseCustomId(customId);
  if (press.kind === 'region') {
    if (!mask)
      throw invalidField('mask', 'is required: a png that is white where the picture is drawn again');
    return varyRegionRequest(deps, user, {
      parent: { taskId },
      region: { file: mask },
      text: text.trim() || prompt,
    });
  }
  const written = textForForm(press, prompt, text);
  return pressRequest(deps, user, {
    parent: { taskId },
    button: { customId },
    form: written === undefined ? undefined : { text: written },
  });
}
