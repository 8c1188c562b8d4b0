import type { Database } from '../database/connect.ts';
import { tasks } from '../database/schema.ts';
import { reserveToken } from '../tokens/ledger.ts';
import type { Task, TaskAction, TriggerType } from './task.ts';
import type { TaskId } from './task-id.ts';

export interface NewTask {
  id: TaskId;
  userId: number;
  triggerType: TriggerType;
  action: TaskAction;
  prompt: string;
  index: number | null;
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
 * @throws {InsufficientTokens} when the user's balance is used up; nothing is stored.
 */
export async function acceptTask(db: Database, task: NewTask, now: Date): Promise<Task> {
  return db.transaction(async (tx) => {
    if (!(await reserveToken(tx, task.userId, task.id))) throw new InsufficientTokens();
    const row = { ...task, status: 'queued' as const, createdAt: now };
    await tx.insert(tasks).values(row);
    return { ...notSentYet, ...row };
  });
}

const notSentYet = {
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
  width: null,
  height: null,
  buttons: null,
  texts: null,
  lateResult: null,
  failCode: null,
  failReason: null,
  version: 1,
  submittedAt: null,
  startedAt: null,
  finishedAt: null,
  progressedAt: null,
};
