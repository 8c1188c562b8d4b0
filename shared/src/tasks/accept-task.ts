import type { Database } from '../database/connect.ts';
import { tasks } from '../database/schema.ts';
import { reserveToken } from '../tokens/ledger.ts';
import { claimIdempotencyKey, type RepeatableRequest } from './idempotency.ts';
import type { Speed, Task, TaskAction, TriggerType } from './task.ts';
import type { TaskId } from './task-id.ts';

export interface NewTask {
  id: TaskId;
  userId: number;
  triggerType: TriggerType;
  action: TaskAction;
  prompt: string;
  index: number | null;
  speed: Speed | null;
  parentId: TaskId | null;
  account: string | null;
  state: string | null;
  notifyHook: string | null;
}

export class InsufficientTokens extends Error {
  override readonly name = 'InsufficientTokens';
}

/**
 * Accepts a task: reserves one token and stores the task, both or neither. From here on it is never lost.
 * A repeatable request's key is stored with them, so that repeating it finds this task.
 * @throws {InsufficientTokens} when the user's balance is used up; nothing is stored.
 * @throws {IdempotencyKeyTaken} when the request's key stands for an earlier task; nothing is stored.
 */
export async function acceptTask(
  db: Database,
  task: NewTask,
  now: Date,
  request?: RepeatableRequest,
): Promise<Task> {
  return db.transaction(async (tx) => {
    if (!(await reserveToken(tx, task.userId, task.id))) throw new InsufficientTokens();
    if (request) await claimIdempotencyKey(tx, request, task.id, now);
    const row = { ...task, status: 'queued' as const, createdAt: now };
    await tx.insert(tasks).values(row);
    return { ...notSentYet, ...row };
  });
}

/** What is not known of a task before a worker took it. */
export const notSentYet = {
  progress: 0,
  sendAttempts: 0,
  nonce: null,
  sentAt: null,
  sentAfterMessageId: null,
  progressMessageId: null,
  messageId: null,
  messageFlags: null,
  messageHash: null,
  imageUrl: null,
  imageFile: null,
  imageCopy: null,
  mediaType: null,
  width: null,
  height: null,
  buttons: null,
  texts: null,
  lateResult: null,
  failCode: null,
  failReason: null,
  version: 1,
  cancelRequestedAt: null,
  submittedAt: null,
  startedAt: null,
  finishedAt: null,
  progressedAt: null,
};
