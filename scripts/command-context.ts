import type { Database } from '@midjourney-api/shared/database/connect';
import type { PictureStore } from '../api/src/pictures/picture-store.ts';

/** What a command works with. */
export interface CommandContext {
  /** Runs it on the database of the running copy, or else on that of the environment. */
  withDatabase(command: (db: Database) => Promise<void>): Promise<void>;
  /** Where the apis keep finished pictures; undefined: nowhere. */
  openPictures(): PictureStore | undefined;
  print(text: string): void;
  /** Who runs it, for the audit log. */
  actor: string;
}
