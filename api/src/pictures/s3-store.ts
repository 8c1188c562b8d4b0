import { S3mini, S3ServiceError } from 's3mini';
import type { PictureStore } from './picture-store.ts';

export interface S3Access {
  /** With the bucket in its path or its host, as the store expects it. */
  bucketUrl: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/** How long the store may take until its answer begins, in milliseconds. */
const answerLimitMs = 30_000;

/** Pictures as objects in a bucket of any S3-compatible store. */
export function openS3Store({ bucketUrl, region, accessKeyId, secretAccessKey }: S3Access): PictureStore {
  const bucket = new S3mini({
    endpoint: bucketUrl,
    region,
    accessKeyId,
    secretAccessKey,
    fetch: fetchWithAnswerLimit,
  });
  return {
    async put(path, bytes, contentType) {
      await bucket.putObject(path, bytes, contentType);
    },

    async find(path) {
      const size = await bucket.getContentLength(path).catch((error: unknown) => {
        const answer = error instanceof Error ? error.cause : undefined;
        if (answer instanceof S3ServiceError && answer.status === 404) return undefined;
        throw error;
      });
      if (size === undefined) return undefined;
      return {
        size,
        read: async (range) => {
          const { body } = await (range
            ? bucket.getObjectRaw(path, false, range.first, range.last + 1)
            : bucket.getObjectRaw(path));
          if (!body) throw new Error('The store answered without the picture.');
          return body;
        },
      };
    },

    async removeFolder(folder) {
      const objects = (await bucket.listObjects('/', folder)) ?? [];
      // One by one: not every store knows how to delete many at once.
      await Promise.all(objects.map(({ Key }) => bucket.deleteObject(Key)));
    },
  };
}

/** The body may take longer: the client that reads a picture may be slow. */
const fetchWithAnswerLimit: typeof fetch = async (input, init) => {
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(new Error('The store did not answer.')), answerLimitMs);
  try {
    return await fetch(input, { ...init, signal: silent.signal });
  } finally {
    clearTimeout(timer);
  }
};
