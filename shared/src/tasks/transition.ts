import { pictureLink } from './picture.ts';
import { isOpen } from './statuses.ts';
import {
  type FailCode,
  isClaimable,
  isTiedToAccount,
  type StoredCopy,
  type Task,
  type TaskResult,
} from './task.ts';

/** Everything that can happen to an accepted task. */
export type TaskEvent =
  /** A worker has it, but must not send it yet. The reason is shown to the client. */
  | { type: 'waiting'; reason: string }
  /** A worker is about to send it. Stored before the request goes out, so that a crash cannot hide it. */
  | {
      type: 'sending';
      account: string;
      fence: number;
      nonce: string;
      /** The nonce of an earlier attempt, as this worker saw it; another worker may have stored its own since. */
      formerNonce: string | null;
      sentAfterMessageId: string;
      /** See `Task.exclusiveKey`. */
      exclusiveKey: string | null;
    }
  /**
   * Definitely not drawn: Discord did not get it, or Midjourney refused the account before it started. It may be sent
   * again at once, also by another account. `nonce` is that of the attempt; another worker may have stored its own since.
   */
  | { type: 'not_sent'; nonce: string | null }
  /** Midjourney did not accept it now, and wants it later. The reason is shown to the client. */
  | { type: 'postponed'; nonce: string | null; reason: string; retryAt: Date }
  /** Discord answered 204. */
  | { type: 'submitted' }
  /** Discord named its interaction: from now on no other task's messages can be confused with its own. */
  | { type: 'identified'; interactionId: string }
  /** `jobId`: Midjourney's id of the job, once known. */
  | { type: 'started'; progressMessageId: string; jobId?: string | undefined }
  | {
      type: 'progressed';
      progressMessageId: string;
      progress: number;
      previewUrl?: string | undefined;
      jobId?: string | undefined;
    }
  /** `copy`: the stored copy of its picture, if already made. */
  | { type: 'succeeded'; result: TaskResult; copy?: StoredCopy | undefined; jobId?: string | undefined }
  | { type: 'picture_stored'; copy: StoredCopy }
  /** `jobEnded`: Midjourney no longer works on it, so its slot is free. */
  | {
      type: 'failed';
      code: FailCode;
      /** Shown to the client. */
      reason: string;
      /** For operators only. */
      detail?: string | undefined;
      jobId?: string | undefined;
      jobEnded?: boolean | undefined;
    }
  /** Midjourney has stopped working on a task that had already failed. */
  | { type: 'job_ended' }
  /** Its owner no longer wants it. A task that was not sent ends at once, with this code. */
  | { type: 'cancel_requested'; code?: 'cancelled' | 'released' }
  /** Its owner pays for the late result. */
  | { type: 'claimed' };

export type TaskChange = Partial<Omit<Task, 'id' | 'userId' | 'version'>>;

/**
 * What an event changes in a task, by the table in docs/architecture.md. null: the event is not allowed or already
 * applied, and nothing may change. No other code decides this.
 */
export function transition(task: Task, event: TaskEvent, now: Date): TaskChange | null {
  if (!isOpen(task)) {
    // A late result is stored, and nothing else changes.
    if (event.type === 'succeeded' && task.status === 'failed' && task.lateResult === null) {
      return {
        lateResult: event.result,
        resultMessageId: event.result.messageId,
        jobEndedAt: task.jobEndedAt ?? now,
        ...jobOf(task, { jobId: event.jobId ?? event.result.messageHash ?? undefined }),
        ...copyOf(event),
      };
    }
    // The late result stays, so that a repeated claim is recognised.
    if (event.type === 'claimed' && isClaimable(task)) {
      const noFailure = { failCode: null, failReason: null, failDetail: null };
      return { ...task.lateResult, ...noFailure, status: 'succeeded', progress: 100, finishedAt: now };
    }
    if (event.type === 'job_ended' && task.status === 'failed' && task.jobEndedAt === null)
      return { jobEndedAt: now };
    if (event.type === 'picture_stored' && pictureLink(task) !== null && task.imageFile === null) {
      return { ...event.copy, imageCopy: 'stored' };
    }
    return null;
  }
  switch (event.type) {
    case 'waiting':
      if (task.status !== 'queued' || task.nonce !== null || task.waitReason === event.reason) return null;
      return { waitReason: event.reason };
    case 'sending':
      // Two workers may have a job for it at the same moment. Repeating the same commit is allowed.
      if (task.status !== 'queued' || ![event.formerNonce, event.nonce].includes(task.nonce)) return null;
      return {
        waitReason: null,
        retryAt: null,
        account: event.account,
        nonce: event.nonce,
        sendAttempts: task.sendAttempts + 1,
        sentAt: now,
        sentAfterMessageId: event.sentAfterMessageId,
        exclusiveKey: event.exclusiveKey,
        interactionId: null,
      };
    case 'not_sent':
      if (task.status === 'running' || task.nonce === null || task.nonce !== event.nonce) return null;
      return waitsAgain(task, now);
    case 'postponed':
      // A task that Midjourney was seen drawing is not sent again.
      if (task.progress > 0 || task.nonce === null || task.nonce !== event.nonce) return null;
      return {
        // Midjourney may have announced it before refusing it, with the id of a job that no longer exists.
        startedAt: null,
        progressedAt: null,
        jobId: null,
        waitReason: event.reason,
        retryAt: event.retryAt,
        postponedAt: task.postponedAt ?? now,
        ...waitsAgain(task, now),
      };
    case 'submitted':
      if (task.status !== 'queued') return null;
      return { status: 'submitted', submittedAt: now };
    case 'identified':
      if (task.nonce === null || task.interactionId !== null) return null;
      return { interactionId: event.interactionId, exclusiveKey: null };
    case 'started':
      if (task.status !== 'submitted') return null;
      return {
        status: 'running',
        startedAt: now,
        progressedAt: now,
        progressMessageId: event.progressMessageId,
        ...jobOf(task, event),
      };
    case 'progressed': {
      if (task.status === 'queued') return null;
      const started = task.status === 'submitted';
      if (!started && event.progress <= task.progress) return null;
      return {
        ...jobOf(task, event),
        status: 'running',
        startedAt: task.startedAt ?? now,
        progressedAt: now,
        progress: Math.max(event.progress, task.progress),
        progressMessageId: event.progressMessageId,
        previewUrl: event.previewUrl ?? task.previewUrl,
      };
    }
    case 'succeeded':
      if (task.status === 'queued') return null;
      return {
        status: 'succeeded',
        progress: 100,
        startedAt: task.startedAt ?? now,
        finishedAt: now,
        jobEndedAt: now,
        previewUrl: null,
        exclusiveKey: null,
        resultMessageId: event.result.messageId,
        ...jobOf(task, event),
        ...event.result,
        ...copyOf(event),
      };
    case 'failed':
      // If Midjourney stopped, that is what its owner requested.
      return {
        ...(task.cancelRequestedAt && endsOfCancelling.includes(event.code)
          ? endedByOwner('cancelled', now)
          : {
              status: 'failed',
              failCode: event.code,
              failReason: event.reason,
              failDetail: event.detail ?? null,
              finishedAt: now,
            }),
        previewUrl: null,
        exclusiveKey: null,
        ...(event.jobEnded && { jobEndedAt: now }),
        ...jobOf(task, event),
      };
    case 'cancel_requested':
      if (task.status === 'queued' && task.nonce === null)
        return endedByOwner(event.code ?? 'cancelled', now);
      // Midjourney may have it, so its worker must make Midjourney stop first.
      return task.cancelRequestedAt ? null : { cancelRequestedAt: now };
    case 'picture_stored':
    case 'claimed':
    case 'job_ended':
      return null;
  }
}

function waitsAgain(task: Task, now: Date): TaskChange {
  return {
    status: 'queued',
    nonce: null,
    sentAt: null,
    submittedAt: null,
    progressMessageId: null,
    previewUrl: null,
    exclusiveKey: null,
    interactionId: null,
    ...(!isTiedToAccount(task) && { account: null }),
    ...(task.cancelRequestedAt && endedByOwner('cancelled', now)),
  };
}

/** A job keeps its id. */
function jobOf(task: Task, { jobId }: { jobId?: string | undefined }): Pick<TaskChange, 'jobId'> {
  return jobId && task.jobId === null ? { jobId } : {};
}

const endsOfCancelling: FailCode[] = ['stopped', 'not_started', 'timeout'];

const reasonsOfOwner = { cancelled: 'Cancelled as requested.', released: 'Released by its owner.' };

function endedByOwner(code: keyof typeof reasonsOfOwner, now: Date): TaskChange {
  return { status: 'failed', failCode: code, failReason: reasonsOfOwner[code], finishedAt: now };
}

function copyOf({
  result,
  copy,
}: Extract<TaskEvent, { type: 'succeeded' }>): Pick<TaskChange, 'imageFile' | 'imageCopy' | 'durationMs'> {
  if (copy) return { ...copy, imageCopy: 'stored' };
  return { imageFile: null, imageCopy: result.imageUrl === null ? null : 'waiting' };
}
