import type { User } from '@midjourney-api/shared/users/users';
import type { Dependencies } from '../../dependencies.ts';
import { decodeAlone } from '../../pictures/decoding.ts';
import { createMask, type NamedRegion } from '../requests/region-mask.ts';
import type { TaskRequest } from '../requests/task-request.ts';
import { findButton } from './follow-up.ts';
import { findFinishedParent, type NamedParent, noSuchParent, unavailable } from './parent.ts';
import { type PressDependencies, pressWithForm } from './press-on-parent.ts';

/**
 * The press that opens Midjourney's editor, with what is to be sent from there.
 * @throws {Refusal} as `findFinishedParent`, `pressWithForm`, `createMask` and `decodeAlone`.
 */
export async function varyRegionRequest(
  deps: PressDependencies & Pick<Dependencies, 'config'>,
  user: Pick<User, 'id' | 'userName'>,
  { parent: named, region, text }: { parent: NamedParent; region: NamedRegion; text: string },
): Promise<TaskRequest> {
  const kind = 'vary_region';
  const parent = await findFinishedParent(deps.db, user.id, named);
  if (!parent) throw noSuchParent(named);
  const button = findButton(parent.buttons, { type: kind });
  if (!button) throw unavailable(parent, `has no button for "${kind}"`);
  const { width, height } = parent.task;
  if (!width || !height) throw unavailable(parent, 'has no known size, which a mask needs');
  const request = await pressWithForm(deps, { user, kind, parent, button, form: { text } });
  const format = deps.config.INPAINT_FORM === 'a' ? 'png' : 'webp';
  const mask = await decodeAlone(user.id, () => createMask(region, { width, height }, format));
  return { triggerType: kind, ...request, index: null, mask };
}
