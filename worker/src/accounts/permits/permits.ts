import type { Task } from '@midjourney-api/shared/tasks/task';
import { exclusiveKey } from '../../midjourney/exclusive-key.ts';
import type { TaskRecord } from '../../tasks/task-record.ts';
import { Exclusive } from './exclusive.ts';
import type { Send } from './pacing.ts';
import type { Release, Slot, Slots } from './slots.ts';

/** What a task holds while it is at Midjourney, or about to be sent. */
export interface Permit {
  slot: Slot;
  /** Lets the next task go that reads like this one. */
  releaseKey: Release;
}

const waitingReason =
  "Another drawing is under way whose messages read like this one's: this one is sent when that one has ended.";

/** Admits a task when its account has a slot for it, and no other task is under way that reads like it. */
export class Permits {
  readonly #slots: Slots;
  readonly #record: TaskRecord;
  readonly #exclusive = new Exclusive();

  constructor(slots: Slots, record: TaskRecord) {
    this.#slots = slots;
    this.#record = record;
  }

  /**
   * Waits until a task may be sent.
   * @param slot one that a new drawing has already; released if the task has to wait
   * @param priority among the tasks that wait for a slot
   * @throws the signal's reason when aborted.
   */
  async acquire(
    task: Task,
    send: Send,
    slot: Slot | undefined,
    priority: number,
    signal: AbortSignal,
  ): Promise<Permit> {
    if (signal.aborted) slot?.release();
    signal.throwIfAborted();
    const key = exclusiveKey(task.action);
    // While the task waits for its key, others may have the slot.
    const waits = this.#exclusive.isTaken(key);
    if (waits) slot?.release();
    const acquiring = this.#exclusive.acquire(key, signal);
    if (waits) this.#record.note(task, { type: 'waiting', reason: waitingReason });
    const releaseKey = await acquiring;
    if (slot && !waits) return { slot, releaseKey };
    const paced = (reason: string) => this.#record.note(task, { type: 'waiting', reason });
    const acquired = await this.#slots.acquire(send, priority, signal, paced).catch((error) => {
      releaseKey();
      throw error;
    });
    return { slot: acquired, releaseKey };
  }

  /** For a task that is at Midjourney already, also beyond the account's limit. */
  occupy({ action, interactionId }: Task, send: Send): Permit {
    // A task whose interaction is known needs no key.
    const key = interactionId === null ? exclusiveKey(action) : null;
    return { slot: this.#slots.occupy(send), releaseKey: this.#exclusive.tryAcquire(key) };
  }
}
