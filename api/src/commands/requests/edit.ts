import type { User } from '@midjourney-api/shared/users/users';
import type { PreparePrompt, WrittenPrompt } from '../prompts/prepare-prompt.ts';
import { type NamedPicture, type PictureLinkDependencies, pictureLink } from './picture-link.ts';
import type { TaskRequest } from './task-request.ts';

interface Edit extends Pick<WrittenPrompt, 'text' | 'params' | 'speed' | 'speedOverrides'> {
  /** One to four. The prompt says what to do with them. */
  pictures: NamedPicture[];
}

/** @throws {Refusal} as `PreparePrompt` and `pictureLink`; `invalid_request` for a model that is known not to edit. */
export async function editRequest(
  deps: PictureLinkDependencies & { preparePrompt: PreparePrompt },
  user: Pick<User, 'id' | 'userName'>,
  { pictures, text, params, speed, speedOverrides }: Edit,
): Promise<TaskRequest> {
  const kind = 'edit';
  const links = await Promise.all(pictures.map((picture) => pictureLink(deps, user, picture)));
  const {
    shown,
    sent,
    speed: asked,
    warnings,
  } = await deps.preparePrompt({
    text,
    params: { ...params, edit: links },
    speed,
    speedOverrides,
    user,
    kind,
    use: 'imagine',
    needs: 'edit',
  });
  const action = { kind: 'imagine', prompt: sent } as const;
  return { triggerType: kind, action, prompt: shown, speed: asked, warnings };
}
