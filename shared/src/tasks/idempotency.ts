import { createHash } from 'node:crypto';
import { and, eq, lte } from 'drizzle-orm';
import type { Database, Transaction } from '../database/connect.ts';
import { idempotencyKeys, tasks } from '../database/schema.ts';
import type { Task } from './task.ts';
import type { TaskId } from './task-id.ts';

/** A submit that its client may repeat without being charged again. */
export interface RepeatableRequest {
  userId: number;
  keyHash: string;
  /** What the key was sent with: another request under the same key is a mistake of the client's. */
  requestHash: string;
}

/** The key belongs to an earlier submit; nothing was stored. */
export class IdempotencyKeyTaken extends Error {
  override readonly name = 'IdempotencyKeyTaken';
}

/** How long a key stands for its first submit: 24 hours. */
const keptMs = 24 * 60 * 60 * 1_000;

const pruneBatch = 1_000;
const pruneBatches = 20;

/** @param parts what makes up the request, each serialized the same way every time. */
export function repeatableRequest(userId: number, key: string, ...parts: string[]): RepeatableRequest {
  return { userId, keyHash: sha256(key), requestHash: sha256(JSON.stringify(parts)) };
}

/**
 * Makes the key stand for the task. Called in the transaction that accepts it, after the token's reservation:
 * that locks the user, so that repeated submits take turns instead of deadlocking on the key.
 * @throws {IdempotencyKeyTaken} when it stands for another task since less than 24 hours.
 */
export async function claimIdempotencyKey(
  tx: Transaction,
  { userId, keyHash, requestHash }: RepeatableRequest,
  taskId: TaskId,
  now: Date,
): Promise<void> {
  const claim = { requestHash, taskId, createdAt: now };
  const [inserted] = await tx
    .insert(idempotencyKeys)
    .ignore()
    .values({ userId, keyHash, ...claim });
  if (inserted.affectedRows > 0) return;
  const [replaced] = await tx
    .update(idempotencyKeys)
    .set(claim)
    .where(and(ofKey({ userId, keyHash }), lte(idempotencyKeys.createdAt, expiry(now))));
  if (replaced.affectedRows === 0) throw new IdempotencyKeyTaken();
}

/** The task that was submitted first under this key within 24 hours, and whether by the same request. */
export async function findFirstSubmit(
  db: Database,
  request: RepeatableRequest,
  now: Date,
): Promise<{ task: Task; sameRequest: boolean } | undefined> {
  const [found] = await db
    .select({ task: tasks, requestHash: idempotencyKeys.requestHash, createdAt: idempotencyKeys.createdAt })
    .from(idempotencyKeys)
    .innerJoin(tasks, eq(tasks.id, idempotencyKeys.taskId))
    .where(ofKey(request));
  if (!found || found.createdAt <= expiry(now)) return undefined;
  return { task: found.task, sameRequest: found.requestHash === request.requestHash };
}

/** Forgets keys of more than 24 hours ago, in batches small enough to disturb nobody. @returns how many. */
export async function pruneIdempotencyKeys(db: Database, now: Date): Promise<number> {
  let pruned = 0;
  for (let batch = 0; batch < pruneBatches; batch++) {
    const [{ affectedRows }] = await db
      .delete(idempotencyKeys)
      .where(lte(idempotencyKeys.createdAt, expiry(now)))
      .limit(pruneBatch);
    pruned += affectedRows;
    if (affectedRows < pruneBatch) break;
  }
  return pruned;
}

function ofKey({ userId, keyHash }: Pick<RepeatableRequest, 'userId' | 'keyHash'>) {
  return and(eq(idempotencyKeys.userId, userId), eq(idempotencyKeys.keyHash, keyHash));
}

function expiry(now: Date): Date {
  return new Date(now.getTime() - keptMs);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
