import path from 'node:path';
import { type Config, ConfigError } from '@midjourney-api/shared/config/config';
import { type CopyPicture, createPictureCopier } from './copy-picture.ts';
import type { AccountDownload } from './download.ts';
import { openFileStore } from './file-store.ts';
import type { PictureStore } from './picture-store.ts';
import { openS3Store } from './s3-store.ts';

/** The finished pictures that this service keeps. */
export interface Pictures {
  store: PictureStore;
  /** The only way into the store for Discord's pictures, so that its limits hold for the whole process. */
  copy: CopyPicture;
}

export function createPictures(store: PictureStore, download: AccountDownload): Pictures {
  return { store, copy: createPictureCopier(download, store) };
}

/**
 * The store that the configuration names; undefined for none.
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
