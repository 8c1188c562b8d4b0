import { uploadedBytesKey } from '@midjourney-api/shared/queues/keys';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { User } from '@midjourney-api/shared/users/users';
import type { Dependencies } from '../../dependencies.ts';
import { Refusal } from '../refusal.ts';
import { createPictureCleaner } from './clean-picture.ts';
import { runUploadJob } from './upload-job.ts';
import type { Upload } from './uploads.ts';

/** How long a worker has to fetch the bytes, in seconds. */
const bytesLifetime = 120;

interface PictureToUpload {
  file: File;
  user: User;
  requestId: string;
  /** The account whose channel it must be in; any when left out. */
  account?: string;
}

/** Hands a picture to Discord through a worker. Callers store what has become of it. */
export type UploadPicture = (picture: PictureToUpload) => Promise<Upload>;

/** @throws {Refusal} 413 and 415 for what is no picture or too large, 503 when no worker hands it to Discord. */
export function createUploadPicture(deps: Dependencies): UploadPicture {
  const { config, redis, log, newTaskId, clock = () => new Date() } = deps;
  const cleanPicture = createPictureCleaner({
    maxPixels: config.UPLOAD_LIMIT_PIXELS,
    maxBytes: config.UPLOAD_LIMIT_BYTES,
  });

  /** @returns the id that they are stored under: another than that of another process's upload, if it made the same. */
  async function storeBytes(bytes: Buffer): Promise<TaskId> {
    for (;;) {
      const id = newTaskId();
      const key = uploadedBytesKey(config.REDIS_PREFIX, id);
      if (await redis.set(key, bytes, 'EX', bytesLifetime, 'NX')) return id;
    }
  }

  return async ({ file, user, requestId, account }) => {
    if (file.size > config.UPLOAD_LIMIT_BYTES)
      throw new Refusal('too_large', `The picture is larger than ${config.UPLOAD_LIMIT_BYTES} bytes.`);
    const { bytes, extension, contentType } = await cleanPicture(Buffer.from(await file.arrayBuffer()));

    const id = await storeBytes(bytes).catch((cause) => {
      throw new Refusal('unavailable', 'Redis cannot be reached, so no worker can be told. Try again soon.', {
        cause,
      });
    });
    const result = await runUploadJob(deps, {
      kind: 'upload',
      uploadId: id,
      // Never the client's own file name: it would reach Discord and other people's eyes.
      filename: `${id}.${extension}`,
      contentType,
      size: bytes.length,
      ...(account !== undefined && { account }),
    });
    if (!('uploadUrl' in result)) throw new Error('the worker answered an upload with something else');

    const upload = {
      id,
      userId: user.id,
      account: result.account,
      uploadFilename: result.uploadFilename,
      uploadUrl: result.uploadUrl,
      createdAt: clock(),
    };
    log.info(
      { request_id: requestId, upload: id, user: user.userName, bytes: bytes.length },
      'picture uploaded',
    );
    return upload;
  };
}
