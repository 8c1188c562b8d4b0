import type { Task } from '@midjourney-api/shared/tasks/task';
import { exclusiveKey } from '../midjourney/exclusive-key.ts';
import type { TaskRecord } from '../tasks/task-record.ts';
import { Exclusive } from './exclusive.ts';
import type { Release, Slots } from './slots.ts';

/** What a task has while it is at Midjourney, or about to be. */
export interface Permit {
  releaseSlot: Release;
  /** Lets the next task go whose messages read like its own. */
  releaseKey: Release;
}

const waitingReason =
  'Another drawing is under way whose messages would read like those of this one, which is sent once that has ended.';

/** Lets a task be sent when its account has a slot for it, and no other one is under way that reads like it. */
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
   * @param slot taken for it already, as for a new drawing; given back where it has to wait
   * @param priority among those that wait for a slot
   * @throws the signal's reason when aborted.
   */
  async acquire(
    task: Task,
    slot: Release | undefined,
    priority: number,
    signal: AbortSignal,
  ): Promise<Permit> {
    if (signal.aborted) slot?.();
    signal.throwIfAborted();
    const key = exclusiveKey(task.action);
    // A slot is not kept from others while the task waits for its key.
    const waits = this.#exclusive.isTaken(key);
    if (waits) slot?.();
    const acquiring = this.#exclusive.acquire(key, signal);
    if (waits) this.#record.note(task, { type: 'waiting', reason: waitingReason });
    const releaseKey = await acquiring;
    if (slot && !waits) return { releaseSlot: slot, releaseKey };
    const releaseSlot = await this.#slots.acquire(priority, signal).catch((error) => {
      releaseKey();
      throw error;
    });
    return { releaseSlot, releaseKey };
  }

  /** For a task that is at Midjourney already, whether there is room for it or not. */
  occupy({ action, interactionId }: Task): Permit {
    // What Discord has identified needs no key.
    const key = interactionId === null ? exclusiveKey(action) : null;
    return { releaseSlot: this.#slots.occupy(), releaseKey: this.#exclusive.tryAcquire(key) };
  }
}
