import type { Task } from '@midjourney-api/shared/tasks/task';
import { exclusiveKey } from '../../midjourney/exclusive-key.ts';
import type { TaskRecord } from '../../tasks/task-record.ts';
import { Exclusive } from './exclusive.ts';
import type { Send } from './pacing.ts';
import type { Release, Slot, Slots } from './slots.ts';

/** What a task has while it is at Midjourney, or about to be. */
export interface Permit {
  slot: Slot;
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
    send: Send,
    slot: Slot | undefined,
    priority: number,
    signal: AbortSignal,
  ): Promise<Permit> {
    if (signal.aborted) slot?.release();
    signal.throwIfAborted();
    const key = exclusiveKey(task.action);
    // A slot is not kept from others while the task waits for its key.
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

  /** For a task that is at Midjourney already, whether there is room for it or not. */
  occupy({ action, interactionId }: Task, send: Send): Permit {
    // What Discord has identified needs no key.
    const key = interactionId === null ? exclusiveKey(action) : null;
    return { slot: this.#slots.occupy(send), releaseKey: this.#exclusive.tryAcquire(key) };
  }
}
