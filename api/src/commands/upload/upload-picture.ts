import { uploadedBytesKey } from '@midjourney-api/shared/queues/keys';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { User } from '@midjourney-api/shared/users/users';
import type { Dependencies } from '../../dependencies.ts';
import { decodeAlone } from '../../pictures/decoding.ts';
import { Refusal } from '../refusal.ts';
import { createPictureCleaner, mostUploadPixels } from './clean-picture.ts';
import { redisUnreachable, runUploadJob } from './upload-job.ts';
import type { Upload } from './uploads.ts';

/** How long a worker has to fetch the bytes, in seconds. */
const bytesLifetime = 120;

interface PictureToUpload {
  /** The client's file. */
  bytes: Buffer;
  user: User;
  requestId: string;
  /** The account that has to upload it; any when left out. */
  account?: string | undefined;
}

/** Hands a picture to Discord through a worker. Callers store the upload. */
export type UploadPicture = (picture: PictureToUpload) => Promise<Upload>;

/**
 * @throws {Refusal} `unsupported_image` and `too_large` for what is no picture or too large, `unavailable` when too
 * many pictures wait, or no worker hands it to Discord.
 */
export function createUploadPicture(deps: Dependencies): UploadPicture {
  const { config, log, clock } = deps;
  const cleanPicture = createPictureCleaner({
    maxPixels: mostUploadPixels,
    maxBytes: config.UPLOAD_LIMIT_BYTES,
  });

  return async function uploadPicture({ bytes, user, requestId, account }) {
    if (bytes.length > config.UPLOAD_LIMIT_BYTES)
      throw new Refusal('too_large', `The picture is larger than ${config.UPLOAD_LIMIT_BYTES} bytes.`);
    const clean = await decodeAlone(user.id, () => cleanPicture(bytes));

    const id = await storeBytes(deps, clean.bytes).catch((cause) => {
      throw redisUnreachable(cause);
    });
    const result = await runUploadJob(deps, {
      kind: 'upload',
      uploadId: id,
      // Never the client's own file name: it would reach Discord and other people's eyes.
      filename: `${id}.${clean.extension}`,
      contentType: clean.contentType,
      size: clean.bytes.length,
      ...(account !== undefined && { account }),
    });
    if (!('uploadUrl' in result)) throw new Error('the worker answered an upload with something else');

    log.info(
      { request_id: requestId, upload: id, user: user.userName, bytes: clean.bytes.length },
      'picture uploaded',
    );
    return {
      id,
      userId: user.id,
      account: result.account,
      uploadFilename: result.uploadFilename,
      uploadUrl: result.uploadUrl,
      createdAt: clock(),
    };
  };
}

/** @returns the id that they are stored under. An id that another process uses for an upload is not used again. */
async function storeBytes(
  { redis, config, newTaskId }: Pick<Dependencies, 'redis' | 'config' | 'newTaskId'>,
  bytes: Buffer,
): Promise<TaskId> {
  for (;;) {
    const id = newTaskId();
    const key = uploadedBytesKey(config.REDIS_PREFIX, id);
    if (await redis.set(key, bytes, 'EX', bytesLifetime, 'NX')) return id;
  }
}
