import type { Database } from '@midjourney-api/shared/database/connect';
import {
  findFirstUpload,
  findTakenKeys,
  type RepeatableRequest,
  storeIdempotencyKeys,
} from '@midjourney-api/shared/tasks/idempotency';
import { lockTokensLeft } from '@midjourney-api/shared/tokens/ledger';
import { keyOfAnotherRequest } from '../refusal.ts';
import { storeUpload, type Upload } from './uploads.ts';

/**
 * Uploads a picture once for each Idempotency-Key. Repeated at the same moment both go to Discord, which costs
 * nothing, and both are answered with the one that was stored first.
 * @throws {Refusal} 409 when the key was sent with another request.
 */
export async function uploadOnce(
  db: Database,
  request: RepeatableRequest,
  upload: () => Promise<Upload>,
  now: () => Date,
): Promise<{ upload: Upload; replayed: boolean }> {
  const find = async () => {
    const first = await findFirstUpload(db, request, now());
    if (first && !first.sameRequest) throw keyOfAnotherRequest();
    return first?.upload;
  };
  const first = await find();
  if (first) return { upload: first, replayed: true };

  const made = await upload();
  const isFirst = await db.transaction(async (tx) => {
    // Whoever comes together waits here for the other.
    await lockTokensLeft(tx, [request.userId], { skipLocked: false });
    const taken = await findTakenKeys(tx, [request], now());
    if (taken.size > 0) return false;
    await storeUpload(tx, made);
    await storeIdempotencyKeys(tx, [{ ...request, taskId: made.id, createdAt: made.createdAt }]);
    return true;
  });
  if (isFirst) return { upload: made, replayed: false };
  const other = await find();
  if (!other) throw keyOfAnotherRequest();
  return { upload: other, replayed: true };
}
