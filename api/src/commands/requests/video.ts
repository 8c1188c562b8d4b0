import type { Motion } from '@midjourney-api/shared/midjourney/custom-id';
import type { User } from '@midjourney-api/shared/users/users';
import type { PreparePrompt, WrittenPrompt } from '../prompts/prepare-prompt.ts';
import { type NamedPicture, type PictureLinkDependencies, pictureLink } from './picture-link.ts';
import type { TaskRequest } from './task-request.ts';

interface Video extends Pick<WrittenPrompt, 'speed' | 'speedOverrides'> {
  /** The first frame. */
  start: NamedPicture;
  /** The last frame: a picture, or the first one again. */
  end?: NamedPicture | 'start' | undefined;
  /** What happens in the video. */
  text?: string | null | undefined;
  motion: Motion;
  /** How many videos. */
  batch: 1 | 2 | 4;
  raw: boolean;
}

/** @throws {Refusal} as `PreparePrompt` and `pictureLink`. */
export async function videoRequest(
  deps: PictureLinkDependencies & { preparePrompt: PreparePrompt },
  user: Pick<User, 'id' | 'userName'>,
  { start, end, text, motion, batch, raw, speed, speedOverrides }: Video,
): Promise<TaskRequest> {
  const kind = 'video';
  const link = await pictureLink(deps, user, start);
  const params = {
    video: true,
    motion,
    bs: batch,
    raw: raw || null,
    loop: end === 'start' || null,
    end: end && end !== 'start' ? await pictureLink(deps, user, end) : null,
  };
  const prepared = await deps.preparePrompt({
    text: text ?? '--video',
    params,
    pictureUrl: new URL(link),
    speed,
    speedOverrides,
    user,
    kind,
    use: 'imagine',
  });
  const { sent, speed: asked, warnings } = prepared;
  const action = { kind: 'imagine', prompt: sent } as const;
  return { triggerType: kind, action, prompt: text ?? '', speed: asked, warnings };
}
