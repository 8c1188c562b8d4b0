import path from 'node:path';
import { type Config, ConfigError } from '@midjourney-api/shared/config/config';
import type { ByteRange } from '../http/images/byte-range.ts';
import { openFileStore } from './file-store.ts';
import { openS3Store } from './s3-store.ts';

/** Where finished pictures are kept. Paths have slashes and are made by this program only. */
export interface PictureStore {
  /** Stores all of it or nothing: a file that is there is whole. */
  put(path: string, bytes: Buffer, contentType: string): Promise<void>;
  /** @returns undefined when there is none. */
  find(path: string): Promise<StoredFile | undefined>;
  /** Removes everything under a folder, whose path ends in a slash. */
  removeFolder(folder: string): Promise<void>;
}

export interface StoredFile {
  /** Bytes. */
  size: number;
  /** The file, or a part of it. */
  read(range?: ByteRange): Promise<ReadableStream<Uint8Array>>;
}

/**
 * The store that the configuration asks for; undefined for none.
 * @throws {ConfigError} when something is missing for it.
 */
export function openPictureStore(config: Config): PictureStore | undefined {
  switch (config.IMAGE_STORE) {
    case 'none':
      return undefined;
    case 'fs':
      return openFileStore(path.resolve(config.DATA_DIR, 'images'));
    case 's3': {
      const {
        S3_BUCKET_URL: bucketUrl,
        S3_ACCESS_KEY_ID: accessKeyId,
        S3_SECRET_ACCESS_KEY: secretAccessKey,
      } = config;
      if (!bucketUrl || !accessKeyId || !secretAccessKey) {
        throw new ConfigError(
          'S3_BUCKET_URL, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY: all three are needed for IMAGE_STORE=s3',
        );
      }
      return openS3Store({ bucketUrl, region: config.S3_REGION, accessKeyId, secretAccessKey });
    }
  }
}
