import path from 'node:path';
import type { User } from '@midjourney-api/shared/users/users';
import type { Dependencies } from '../../dependencies.ts';
import { runUploadJob } from './upload-job.ts';
import { findUpload } from './uploads.ts';

/**
 * Posts an uploaded picture in the channel of its account.
 * @returns Discord's link to it, for prompts; it expires after about a day.
 * @throws {Refusal} `not_found` for a file that this user did not upload, `unavailable` when no worker posts it.
 */
export async function postMessage(
  deps: Pick<Dependencies, 'db' | 'queues' | 'uploadEvents'>,
  user: Pick<User, 'id'>,
  named: string,
): Promise<string> {
  const { account, uploadFilename } = await findUpload(deps.db, user.id, named);
  const filename = path.posix.basename(uploadFilename);
  const result = await runUploadJob(deps, { kind: 'post', account, uploadFilename, filename });
  if (!('imageUrl' in result)) throw new Error('the worker answered a post with something else');
  return result.imageUrl;
}
