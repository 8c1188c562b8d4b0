import { type Bot, blendRatios, type Speed } from '@midjourney-api/shared/tasks/task';
import type { User } from '@midjourney-api/shared/users/users';
import type { Dependencies } from '../../dependencies.ts';
import { accountAtSpeed, checkSpeedOf } from '../admission/account-at-speed.ts';
import { Refusal } from '../refusal.ts';
import type { UploadPicture } from '../upload/upload-picture.ts';
import { findUpload, storeUpload, type Upload } from '../upload/uploads.ts';
import { ofBot, type TaskRequest } from './task-request.ts';

interface Blend {
  /** Two to five: uploaded before, or sent with the request as files. */
  pictures: { uploadFilenames: string[] } | { files: Buffer[] };
  dimensions?: keyof typeof blendRatios | null | undefined;
  speed?: Speed | null | undefined;
  bot?: Bot | null | undefined;
}

interface BlendDependencies extends Pick<Dependencies, 'db'> {
  uploadPicture: UploadPicture;
}

/**
 * Uploads files that came with the request first.
 * @throws {Refusal} as `findUpload` or `UploadPicture`; `invalid_request` when no account has all the pictures;
 * `action_unavailable` when the account that has them is not set to the speed, which /blend itself cannot ask for.
 */
export async function blendRequest(
  deps: BlendDependencies,
  client: { user: User; requestId: string },
  { pictures, dimensions, speed = null, bot }: Blend,
): Promise<TaskRequest> {
  const uploads =
    'files' in pictures
      ? await uploadAll(deps, client, pictures.files, speed)
      : await Promise.all(pictures.uploadFilenames.map((name) => findUpload(deps.db, client.user.id, name)));
  const account = commonAccount(uploads);
  await checkSpeedOf(deps.db, {
    speed,
    account,
    mustBeSet: true,
    otherwise: 'Leave speed out, or send pictures for an account that is set to it.',
  });
  const uploadFilenames = uploads.map(({ uploadFilename }) => uploadFilename);
  const ratio = blendRatios[dimensions ?? 'square'];
  const action = { kind: 'blend' as const, uploadFilenames, ratio, ...ofBot(bot) };
  return { triggerType: 'blend', action, prompt: '', account, speed };
}

/** The account that took the first one takes the others too. */
async function uploadAll(
  { db, uploadPicture }: BlendDependencies,
  client: { user: User; requestId: string },
  [first, ...others]: Buffer[],
  speed: Speed | null,
): Promise<Upload[]> {
  if (!first) return [];
  const upload = async (bytes: Buffer, account?: string) => {
    const uploaded = await uploadPicture({ ...client, bytes, account });
    await storeUpload(db, uploaded);
    return uploaded;
  };
  const uploaded = await upload(first, speed ? await accountAtSpeed(db, speed) : undefined);
  return [uploaded, ...(await Promise.all(others.map((bytes) => upload(bytes, uploaded.account))))];
}

/** @throws {Refusal} `invalid_request` when the pictures are in the channels of several accounts. */
function commonAccount(uploads: Upload[]): string {
  const account = uploads[0]?.account ?? '';
  const elsewhere = uploads.findIndex((upload) => upload.account !== account);
  if (elsewhere <= 0) return account;
  throw new Refusal(
    'invalid_request',
    'The pictures were uploaded by several Midjourney accounts, and none has all of them. Send the pictures themselves, and not the names of their uploads.',
    { errors: [{ path: `upload_filenames.${elsewhere}`, message: 'was uploaded by another account' }] },
  );
}
