import { pictureLink } from './picture.ts';
import { type FailCode, isClaimable, isOpen, isTiedToAccount, type Task, type TaskResult } from './task.ts';

/** Everything that can happen to an accepted task. */
export type TaskEvent =
  /** A worker has it at hand, but must not send it yet. The reason is for its client. */
  | { type: 'waiting'; reason: string }
  /** A worker is about to send it: written before the request goes out, so that a crash cannot hide it. */
  | { type: 'sending'; account: string; fence: number; nonce: string; sentAfterMessageId: string | null }
  /**
   * Definitely not drawn: Discord did not get it, or Midjourney refused the account before it started. It may be sent
   * again at once, by another account too.
   */
  | { type: 'not_sent' }
  /** Discord answered 204. */
  | { type: 'submitted' }
  | { type: 'started'; progressMessageId: string }
  | { type: 'progressed'; progressMessageId: string; progress: number }
  /** With the stored copy of its picture, when that was made before. */
  | { type: 'succeeded'; result: TaskResult; imageFile?: string | undefined }
  | { type: 'picture_stored'; imageFile: string }
  /** `reason` is for its client; `detail` for operators only. */
  | { type: 'failed'; code: FailCode; reason: string; detail?: string | undefined }
  /** Its owner does not want it: what was not sent ends with this code at once. */
  | { type: 'cancel_requested'; code?: 'cancelled' | 'released' }
  /** Its owner pays for the picture that came after the task had failed. */
  | { type: 'claimed' };

export type TaskChange = Partial<Omit<Task, 'id' | 'userId' | 'version'>>;

/**
 * What an event does to a task, by the table in docs/architecture.md; null when it is not allowed or
 * already done, and then nothing may change. The only place that decides this.
 */
export function transition(task: Task, event: TaskEvent, now: Date): TaskChange | null {
  if (!isOpen(task)) {
    // The picture came after the task was given up: kept, and nothing else changes.
    if (event.type === 'succeeded' && task.status === 'failed' && task.lateResult === null) {
      return { lateResult: event.result, ...copyOf(event) };
    }
    // Kept with the task, so that a repeated claim is known for one.
    if (event.type === 'claimed' && isClaimable(task)) {
      const noFailure = { failCode: null, failReason: null, failDetail: null };
      return { ...task.lateResult, ...noFailure, status: 'succeeded', progress: 100, finishedAt: now };
    }
    if (event.type === 'picture_stored' && pictureLink(task) !== null && task.imageFile === null) {
      return { imageFile: event.imageFile, imageCopy: 'stored' };
    }
    return null;
  }
  switch (event.type) {
    case 'waiting':
      if (task.status !== 'queued' || task.nonce !== null || task.waitReason === event.reason) return null;
      return { waitReason: event.reason };
    case 'sending':
      if (task.status !== 'queued') return null;
      return {
        waitReason: null,
        account: event.account,
        nonce: event.nonce,
        sendAttempts: task.sendAttempts + 1,
        sentAt: now,
        sentAfterMessageId: event.sentAfterMessageId,
      };
    case 'not_sent':
      if (task.status === 'running' || task.nonce === null) return null;
      return {
        status: 'queued',
        nonce: null,
        sentAt: null,
        submittedAt: null,
        progressMessageId: null,
        ...(!isTiedToAccount(task) && { account: null }),
        ...(task.cancelRequestedAt && endedByOwner('cancelled', now)),
      };
    case 'submitted':
      if (task.status !== 'queued') return null;
      return { status: 'submitted', submittedAt: now };
    case 'started':
      if (task.status !== 'submitted') return null;
      return {
        status: 'running',
        startedAt: now,
        progressedAt: now,
        progressMessageId: event.progressMessageId,
      };
    case 'progressed': {
      if (task.status === 'queued') return null;
      const started = task.status === 'submitted';
      if (!started && event.progress <= task.progress) return null;
      return {
        status: 'running',
        startedAt: task.startedAt ?? now,
        progressedAt: now,
        progress: Math.max(event.progress, task.progress),
        progressMessageId: event.progressMessageId,
      };
    }
    case 'succeeded':
      if (task.status === 'queued') return null;
      return {
        status: 'succeeded',
        progress: 100,
        startedAt: task.startedAt ?? now,
        finishedAt: now,
        ...event.result,
        ...copyOf(event),
      };
    case 'failed':
      // That Midjourney stopped is what was asked for.
      if (task.cancelRequestedAt && endsOfCancelling.includes(event.code))
        return endedByOwner('cancelled', now);
      return {
        status: 'failed',
        failCode: event.code,
        failReason: event.reason,
        failDetail: event.detail ?? null,
        finishedAt: now,
      };
    case 'cancel_requested':
      if (task.status === 'queued' && task.nonce === null)
        return endedByOwner(event.code ?? 'cancelled', now);
      // Midjourney may have it: its worker has to make Midjourney stop first.
      return task.cancelRequestedAt ? null : { cancelRequestedAt: now };
    case 'picture_stored':
    case 'claimed':
      return null;
  }
}

const endsOfCancelling: FailCode[] = ['stopped', 'not_started', 'timeout'];

const reasonsOfOwner = { cancelled: 'Cancelled as requested.', released: 'Released by its owner.' };

function endedByOwner(code: keyof typeof reasonsOfOwner, now: Date): TaskChange {
  return { status: 'failed', failCode: code, failReason: reasonsOfOwner[code], finishedAt: now };
}

function copyOf({
  result,
  imageFile,
}: Extract<TaskEvent, { type: 'succeeded' }>): Pick<Task, 'imageFile' | 'imageCopy'> {
  if (imageFile) return { imageFile, imageCopy: 'stored' };
  return { imageFile: null, imageCopy: result.imageUrl === null ? null : 'waiting' };
}
