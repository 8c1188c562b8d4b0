import type { Bot, Speed } from '@midjourney-api/shared/tasks/task';
import type { User } from '@midjourney-api/shared/users/users';
import type { Dependencies } from '../../dependencies.ts';
import { checkSpeedOf } from '../admission/account-at-speed.ts';
import { findUpload } from '../upload/uploads.ts';
import { ofBot, type TaskRequest } from './task-request.ts';

/** The picture: an upload by its name, or a link that Midjourney can open. */
export type DescribedPicture = { uploadFilename: string } | { link: URL };

interface Describe {
  picture: DescribedPicture;
  speed?: Speed | null | undefined;
  bot?: Bot | null | undefined;
}

/**
 * @throws {Refusal} `not_found` for a file that this user did not upload, `action_unavailable` when the account that
 * has it does not draw at the speed.
 */
export async function describeRequest(
  { db }: Pick<Dependencies, 'db'>,
  user: Pick<User, 'id'>,
  { picture, speed = null, bot }: Describe,
): Promise<TaskRequest> {
  const described = { triggerType: 'describe' as const, prompt: '' };
  // Any account can follow a link.
  if ('link' in picture)
    return {
      ...described,
      action: { kind: 'describe', link: picture.link.href, ...ofBot(bot) },
      speed,
    };
  // Discord knows the file only in the channel that it was uploaded to.
  const { account, uploadFilename } = await findUpload(db, user.id, picture.uploadFilename);
  await checkSpeedOf(db, {
    speed,
    account,
    mustBeSet: false,
    otherwise: 'Leave speed out, or upload the picture again with that speed.',
  });
  return { ...described, action: { kind: 'describe', uploadFilename, ...ofBot(bot) }, account };
}
