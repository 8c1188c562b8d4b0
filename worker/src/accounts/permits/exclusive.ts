import { AsyncQueue } from '@sapphire/async-queue';
import type { Release } from './slots.ts';

/** Lets one task of each key go at a time, first come, first served. */
export class Exclusive {
  readonly #queues = new Map<string, AsyncQueue>();

  /** Waits until no other task has the key; never for null. @throws the signal's reason when aborted. */
  async acquire(key: string | null, signal: AbortSignal): Promise<Release> {
    signal.throwIfAborted();
    if (key === null) return () => {};
    const queue = this.#queues.get(key) ?? new AsyncQueue();
    this.#queues.set(key, queue);
    await queue.wait({ signal }).catch(() => {
      throw signal.reason;
    });
    return this.#releaseOnce(key, queue);
  }

  /** Whether a task has the key, so that the next one has to wait. */
  isTaken(key: string | null): boolean {
    return key !== null && this.#queues.has(key);
  }

  /** For a task that is at Midjourney already: takes the key unless another one has it, and never waits. */
  tryAcquire(key: string | null): Release {
    if (key === null || this.isTaken(key)) return () => {};
    const queue = new AsyncQueue();
    this.#queues.set(key, queue);
    // The first of a queue does not wait.
    void queue.wait();
    return this.#releaseOnce(key, queue);
  }

  #releaseOnce(key: string, queue: AsyncQueue): Release {
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      queue.shift();
      if (queue.remaining === 0) this.#queues.delete(key);
    };
  }
}
