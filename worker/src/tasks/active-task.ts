import type { AccountRefusal } from '@midjourney-api/shared/accounts/refusal-causes';
import type { FailCode, Task } from '@midjourney-api/shared/tasks/task';
import type { Permit } from '../accounts/permits/permits.ts';
import type { Modal } from '../discord/channel-event.ts';
import type { DiscordMessage } from '../discord/message.ts';
import type { Candidate } from '../midjourney/candidate.ts';
import type { Editor } from '../midjourney/region-editor.ts';
import type { Signal } from '../midjourney/signal.ts';
import { Inbox } from './inbox.ts';

/**
 * What happens to an active task: what Midjourney's messages say, what else its account's session sees, or that it
 * was ended elsewhere.
 */
export type TaskSignal =
  | Signal
  | { type: 'vanished' }
  | { type: 'ended' }
  /** Discord passed it on to Midjourney. */
  | { type: 'taken' }
  /** Midjourney did not answer it. */
  | { type: 'unanswered' }
  /** Midjourney wants something written before it draws. */
  | { type: 'modal'; modal: Modal }
  /** Midjourney wants something done on a web page: that only a person can do, or a region. */
  | {
      type: 'web page';
      code: FailCode;
      reason: string;
      account: AccountRefusal | undefined;
      /** When it may be the one for a region. */
      editor?: Editor | undefined;
    };

/** A task that its account has sent, or is about to send: what is known of its job at Midjourney. */
export interface ActiveTask extends Candidate, Permit {
  task: Task;
  inbox: Inbox<TaskSignal>;
  /**
   * What messages said last that may be about it, or about another task, by their ids: reason enough not to send it
   * again.
   */
  possibleMessages: Map<string, TaskSignal['type']>;
  /** The flags of its progress message, which a press of its button has to repeat. */
  progressFlags: number;
  /** Its owner wants Midjourney to stop it. */
  cancelRequested: boolean;
  /** The cancel button was pressed. */
  cancelSent: boolean;
  /** Settles when the task's outcome is committed, or rejects when the worker stops first. */
  done: Promise<void>;
}

const freePermit: Permit = { slot: { release() {}, sending() {}, notSent() {} }, releaseKey() {} };

export function createActiveTask(task: Task, permit: Permit = freePermit): ActiveTask {
  return {
    ...permit,
    task,
    nonce: task.nonce,
    interactionId: task.interactionId,
    sentAfterMessageId: task.sentAfterMessageId,
    firstMessageId: null,
    progressMessageId: task.progressMessageId,
    progressFlags: 0,
    // What shows an earlier job again has that job's id.
    hash: task.action.kind === 'show' ? task.action.jobId : task.jobId,
    started: task.startedAt !== null,
    inbox: new Inbox(),
    possibleMessages: new Map(),
    cancelRequested: task.cancelRequestedAt !== null,
    cancelSent: false,
    done: Promise.resolve(),
  };
}

/** Whether a message can be about it: it is committed that it goes out, and after which message. */
export function isSent({
  nonce,
  sentAfterMessageId,
}: Pick<ActiveTask, 'nonce' | 'sentAfterMessageId'>): boolean {
  return nonce !== null && sentAfterMessageId !== null;
}

/** Whether Midjourney may be drawing it, by the messages that may be about it: not after a refusal or a result. */
export function mayBeDrawn({ possibleMessages }: Pick<ActiveTask, 'possibleMessages'>): boolean {
  const ongoing: TaskSignal['type'][] = ['accepted', 'started', 'progressed'];
  return [...possibleMessages.values()].some((type) => ongoing.includes(type));
}

/** Keeps what identifies the job's next messages, and passes on what this one says. */
export function receive(
  active: ActiveTask,
  signal: Signal,
  message: DiscordMessage,
  hash: string | undefined,
): void {
  // What answers no interaction, such as the confirmation of a favourite, may be about another press.
  if (signal.type === 'accepted' && message.interaction) active.firstMessageId ??= message.id;
  if (signal.type === 'started' || signal.type === 'progressed') {
    active.firstMessageId ??= message.id;
    active.progressMessageId = message.id;
    active.progressFlags = message.flags;
    active.started = true;
    active.hash ??= hash ?? null;
  }
  active.inbox.put(signal);
}
