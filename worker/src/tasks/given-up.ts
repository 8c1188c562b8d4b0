import type { Logger } from '@midjourney-api/shared/logging/logger';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { isEphemeral } from '../discord/message.ts';
import { exclusiveKey } from '../midjourney/exclusive-key.ts';
import type { Signal } from '../midjourney/signal.ts';
import type { Delivery } from '../results/delivery.ts';
import { resultEventOf } from '../results/result-event-of.ts';
import type { ActiveTask } from './active-task.ts';
import type { Deadlines } from './follow-state.ts';
import type { TaskRecord } from './task-record.ts';

/** What Midjourney may still draw of a task that was given up. */
export interface LateJob {
  /** False when Midjourney gave no sign of it: then it would keep a slot from others for nothing. */
  isThere: boolean;
  /** For how long it has been given up, in milliseconds. */
  ageMs?: number;
  /** Whether its picture would be recognised. */
  isExpected?: boolean;
}

interface GivenUp {
  active: ActiveTask;
  isExpected: boolean;
  timers: NodeJS.Timeout[];
}

export interface GivenUpContext {
  deadlines: Deadlines;
  record: TaskRecord;
  delivery: Delivery;
  /** Aborted when the account's session stops. */
  stopping: AbortSignal;
  log: Logger;
}

/** A job that nothing more is heard of has ended by then, as far as Midjourney's limits are concerned. */
const longestJobMs = 30 * 60 * 1_000;

/**
 * Tasks that were given up while Midjourney may still draw them. They keep their slot until Midjourney's job has
 * ended, and their pictures must be recognised when they come: to be kept as late results, and above all not to be
 * taken for those of a later task.
 */
export class GivenUpTasks {
  readonly #context: GivenUpContext;
  readonly #tasks = new Map<TaskId, GivenUp>();

  constructor(context: GivenUpContext) {
    this.#context = context;
  }

  add(active: ActiveTask, { isThere, ageMs = 0, isExpected = true }: LateJob): void {
    const { totalMs, progressMs } = this.#context.deadlines;
    const slotMs = isThere ? longestJobMs - ageMs : 0;
    const keyMs = progressMs - ageMs;
    const pictureMs = isExpected ? totalMs - ageMs : 0;
    const task: GivenUp = { active, isExpected: pictureMs > 0, timers: [] };
    this.#tasks.set(active.task.id, task);
    const after = (ms: number, act: () => void) => task.timers.push(setTimeout(act, Math.max(ms, 0)).unref());
    after(slotMs, active.slot.release);
    after(keyMs, () => {
      active.releaseKey();
      // From now on others of its kind may be drawn, and nothing would distinguish its picture from theirs.
      if (!isRecognisable(active)) task.isExpected = false;
    });
    after(Math.max(slotMs, keyMs, pictureMs), () => this.#forget(active.task.id));
  }

  clear(): void {
    for (const id of [...this.#tasks.keys()]) this.#forget(id);
  }

  /** All of them: messages about their jobs may still come. */
  *tasks(): Iterable<ActiveTask> {
    for (const { active } of this.#tasks.values()) yield active;
  }

  /** Those whose picture would be recognised. */
  *expected(): Iterable<ActiveTask> {
    for (const { active, isExpected } of this.#tasks.values()) if (isExpected) yield active;
  }

  /** A message of its job came after all. */
  heard(active: ActiveTask, signal: Signal): void {
    switch (signal.type) {
      case 'accepted':
      case 'started':
      case 'progressed':
        return;
      case 'refused':
        this.#jobEnded(active);
        return;
      case 'finished':
        this.#deliverLate(active, 'end', signal);
        return;
      case 'described':
        this.#deliverLate(active, 'text', signal);
    }
  }

  /** Midjourney deletes a progress message when its job has ended. */
  messageDeleted(messageId: string): void {
    for (const active of [...this.tasks()]) {
      if (active.progressMessageId === messageId) this.#jobEnded(active);
    }
  }

  /**
   * A job without a message in the history ended while no session listened.
   * @param seen the tasks that have some there
   */
  historyRead(seen: ReadonlySet<TaskId>): void {
    for (const active of [...this.tasks()]) {
      const hasMessage = active.progressMessageId !== null && !isEphemeral({ flags: active.progressFlags });
      if (hasMessage && !seen.has(active.task.id)) this.#jobEnded(active);
    }
  }

  #jobEnded(active: ActiveTask): void {
    this.#release(active);
    this.#context.record.note(active.task, { type: 'job_ended' });
  }

  /** Midjourney's job has ended; its picture may still be on its way here. */
  #release(active: ActiveTask): void {
    active.slot.release();
    active.releaseKey();
    if (!isRecognisable(active)) this.#forget(active.task.id);
  }

  #deliverLate(active: ActiveTask, type: 'end' | 'text', { message }: Signal): void {
    const { delivery, stopping, log } = this.#context;
    const { id } = active.task;
    this.#release(active);
    log.warn({ task: id, message: message.id }, 'the picture of a task came after it was given up');
    const event = resultEventOf(id, type, message, active.hash ? { job_id: active.hash } : {});
    delivery.insist(event, stopping).then(
      ({ applied }) => applied && this.#forget(id),
      (err) =>
        stopping.aborted || log.error({ err, task: id }, 'the late result of a task could not be delivered'),
    );
  }

  #forget(id: TaskId): void {
    const task = this.#tasks.get(id);
    if (!task) return;
    for (const timer of task.timers) clearTimeout(timer);
    task.active.slot.release();
    task.active.releaseKey();
    this.#tasks.delete(id);
  }
}

/** Whether its messages can be distinguished from those of other tasks of its kind that are drawn at the same time. */
export function isRecognisable({ task, hash, interactionId }: ActiveTask): boolean {
  const { action } = task;
  if (exclusiveKey(action) === null || interactionId !== null) return true;
  // A description shows the file that it is of, which no other task has uploaded.
  if (action.kind === 'describe' && 'uploadFilename' in action) return true;
  // What shows a job again shares its id with all that do.
  return hash !== null && action.kind !== 'show';
}
