import type { Task } from './task.ts';
import type { TaskId } from './task-id.ts';

/** A queued drawing, with what a test wants different. */
export function aTask(different: Partial<Task> = {}): Task {
  return {
    id: '123456789012345678' as TaskId,
    userId: 1,
    triggerType: 'generate',
    action: { kind: 'imagine', prompt: 'a cat' },
    status: 'queued',
    progress: 0,
    prompt: 'a cat',
    index: null,
    parentId: null,
    account: null,
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
    state: null,
    notifyHook: null,
    version: 1,
    createdAt: new Date('2026-01-02T03:00:00.000Z'),
    submittedAt: null,
    startedAt: null,
    finishedAt: null,
    progressedAt: null,
    ...different,
  };
}
