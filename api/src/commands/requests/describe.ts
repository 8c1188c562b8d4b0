import type { Bot, Speed } from '@midjourney-api/shared/tasks/task';
import type { User } from '@midjourney-api/shared/users/users';
import type { Dependencies } from '../../dependencies.ts';
import { checkSpeedOf } from '../admission/account-at-speed.ts';
import { findUpload } from '../upload/uploads.ts';
import { ofBot, type TaskRequest } from './task-request.ts';

interface Describe {
  /** As the upload was answered. */
  uploadFilename: string;
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
  { uploadFilename: named, speed, bot }: Describe,
): Promise<TaskRequest> {
  // Discord knows the file only in the channel that it was uploaded to.
  const { account, uploadFilename } = await findUpload(db, user.id, named);
  await checkSpeedOf(db, {
    speed,
    account,
    mustBeSet: false,
    otherwise: 'Leave speed out, or upload the picture again with that speed.',
  });
  const action = { kind: 'describe' as const, uploadFilename, ...ofBot(bot) };
  return { triggerType: 'describe', action, prompt: '', account };
}
