import type { Database } from '@midjourney-api/shared/database/connect';
import {
  findFirstUpload,
  findTakenKeys,
  type RepeatableRequest,
  repeatableRequest,
  storeIdempotencyKeys,
} from '@midjourney-api/shared/tasks/idempotency';
import type { Speed } from '@midjourney-api/shared/tasks/task';
import { lockTokensLeft } from '@midjourney-api/shared/tokens/ledger';
import type { User } from '@midjourney-api/shared/users/users';
import type { Clock } from '../../clock.ts';
import type { Dependencies } from '../../dependencies.ts';
import { accountAtSpeed } from '../admission/account-at-speed.ts';
import { keyOfAnotherRequest } from '../refusal.ts';
import type { UploadPicture } from './upload-picture.ts';
import { digestOf, storeUpload, type Upload } from './uploads.ts';

interface UploadOrder {
  /** The client's file. */
  bytes: Buffer;
  user: User;
  requestId: string;
  /** Of the command that it is for: chooses an account that is set to it, or else one that is set to no speed. */
  speed?: Speed | null | undefined;
  /** The client's own key for this upload, as with `submit`. Repeated with it, nothing is uploaded again. */
  once?: { key: string; route: string } | undefined;
}

interface Uploaded {
  upload: Upload;
  /** Whether the upload is that of an earlier request with the same key. */
  replayed: boolean;
}

/** Uploads a picture for later tasks. @throws {Refusal} as `UploadPicture`; `idempotency_conflict` */
export type UploadCommand = (order: UploadOrder) => Promise<Uploaded>;

export function createUpload(
  { db, clock }: Pick<Dependencies, 'db' | 'clock'>,
  uploadPicture: UploadPicture,
): UploadCommand {
  return async function upload({ speed, once, ...picture }) {
    const uploadNow = async () =>
      uploadPicture({ ...picture, account: speed ? await accountAtSpeed(db, speed) : undefined });
    if (once) {
      const digest = digestOf(picture.bytes);
      const request = repeatableRequest(picture.user.id, once.key, once.route, digest, speed ?? '');
      return uploadOnce(db, request, uploadNow, clock);
    }
    const made = await uploadNow();
    await storeUpload(db, made);
    return { upload: made, replayed: false };
  };
}

/**
 * Uploads a picture once for each Idempotency-Key. Two requests at the same moment both go to Discord, which costs
 * nothing, and are both answered with the upload that was stored first.
 */
async function uploadOnce(
  db: Database,
  request: RepeatableRequest,
  upload: () => Promise<Upload>,
  clock: Clock,
): Promise<Uploaded> {
  const earlier = await findFirst(db, request, clock());
  if (earlier) return { upload: earlier, replayed: true };
  const made = await upload();
  if (await storeFirst(db, request, made, clock())) return { upload: made, replayed: false };
  const first = await findFirst(db, request, clock());
  if (!first) throw keyOfAnotherRequest();
  return { upload: first, replayed: true };
}

async function findFirst(db: Database, request: RepeatableRequest, now: Date): Promise<Upload | undefined> {
  const first = await findFirstUpload(db, request, now);
  if (first && !first.sameRequest) throw keyOfAnotherRequest();
  return first?.upload;
}

/** @returns false when another request with the key was stored first; then nothing is stored. */
function storeFirst(db: Database, request: RepeatableRequest, made: Upload, now: Date): Promise<boolean> {
  return db.transaction(async (tx) => {
    // Simultaneous requests wait for each other here.
    await lockTokensLeft(tx, [request.userId], { skipLocked: false });
    const taken = await findTakenKeys(tx, [request], now);
    if (taken.size > 0) return false;
    await storeUpload(tx, made);
    await storeIdempotencyKeys(tx, [{ ...request, taskId: made.id, createdAt: made.createdAt }]);
    return true;
  });
}
