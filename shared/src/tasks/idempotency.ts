import { createHash } from 'node:crypto';
import { and, eq, gt, lte, or, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../database/connect.ts';
import { idempotencyKeys, tasks, uploads } from '../database/schema.ts';
import type { Task } from './task.ts';
import type { TaskId } from './task-id.ts';

/** A submit that its client may repeat without being charged again. */
export interface RepeatableRequest {
  userId: number;
  keyHash: string;
  /** The request that the key was sent with. A different request under the same key is the client's mistake. */
  requestHash: string;
}

/** The key belongs to an earlier submit; nothing was stored. */
export class IdempotencyKeyTaken extends Error {
  override readonly name = 'IdempotencyKeyTaken';
}

/** How long a key is kept: 24 hours. */
const keptMs = 24 * 60 * 60 * 1_000;

const pruneBatch = 1_000;
const pruneBatches = 20;

/** @param parts the parts of the request, each always serialised in the same way */
export function repeatableRequest(userId: number, key: string, ...parts: string[]): RepeatableRequest {
  return { userId, keyHash: sha256(key), requestHash: sha256(JSON.stringify(parts)) };
}

/** The key as one text, unique across users. */
export function keyOf({ userId, keyHash }: Pick<RepeatableRequest, 'userId' | 'keyHash'>): string {
  return `${userId} ${keyHash}`;
}

/**
 * Finds which of the requests' keys were used within the last 24 hours, as `keyOf` texts. Called in the transaction that
 * accepts tasks, with the users locked, so that repeated submits run one after the other.
 */
export async function findTakenKeys(
  tx: Transaction,
  requests: RepeatableRequest[],
  now: Date,
): Promise<Set<string>> {
  if (requests.length === 0) return new Set();
  const taken = await tx
    .select({ userId: idempotencyKeys.userId, keyHash: idempotencyKeys.keyHash })
    .from(idempotencyKeys)
    .where(and(or(...requests.map(ofKey)), gt(idempotencyKeys.createdAt, expiry(now))));
  return new Set(taken.map(keyOf));
}

/** Stores keys that are not taken, with their tasks. */
export async function storeIdempotencyKeys(
  tx: Transaction,
  keys: (RepeatableRequest & { taskId: TaskId; createdAt: Date })[],
): Promise<void> {
  if (keys.length === 0) return;
  const stored = (column: string) => sql.raw(`values(${column})`);
  await tx
    .insert(idempotencyKeys)
    .values(keys)
    // The key may be an expired one that was not deleted yet.
    .onDuplicateKeyUpdate({
      set: {
        requestHash: stored('request_hash'),
        taskId: stored('task_id'),
        createdAt: stored('created_at'),
      },
    });
}

/** The task first submitted under this key within 24 hours, and whether the request was the same. */
export async function findFirstSubmit(
  db: Database,
  request: RepeatableRequest,
  now: Date,
): Promise<{ task: Task; sameRequest: boolean } | undefined> {
  const [found] = await db
    .select({ task: tasks, requestHash: idempotencyKeys.requestHash, createdAt: idempotencyKeys.createdAt })
    .from(idempotencyKeys)
    .innerJoin(tasks, ofSameUser(tasks))
    .where(ofKey(request));
  if (!found || found.createdAt <= expiry(now)) return undefined;
  return { task: found.task, sameRequest: found.requestHash === request.requestHash };
}

/** The picture first uploaded under this key within 24 hours, and whether the request was the same. */
export async function findFirstUpload(
  db: Database,
  request: RepeatableRequest,
  now: Date,
): Promise<{ upload: typeof uploads.$inferSelect; sameRequest: boolean } | undefined> {
  const [found] = await db
    .select({
      upload: uploads,
      requestHash: idempotencyKeys.requestHash,
      createdAt: idempotencyKeys.createdAt,
    })
    .from(idempotencyKeys)
    .innerJoin(uploads, ofSameUser(uploads))
    .where(ofKey(request));
  if (!found || found.createdAt <= expiry(now)) return undefined;
  return { upload: found.upload, sameRequest: found.requestHash === request.requestHash };
}

/** Deletes keys older than 24 hours, in batches small enough to disturb nobody. @returns how many. */
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

/** The id may also occur in the other table, so the row must belong to the same user. */
function ofSameUser({ id, userId }: Pick<typeof tasks | typeof uploads, 'id' | 'userId'>) {
  return and(eq(id, idempotencyKeys.taskId), eq(userId, idempotencyKeys.userId));
}

function expiry(now: Date): Date {
  return new Date(now.getTime() - keptMs);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
