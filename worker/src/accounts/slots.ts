import { Hold } from './hold.ts';

/** Gives back what was acquired. Calling it again does nothing. */
export type Release = () => void;

interface Waiter {
  priority: number;
  take(release: Release): void;
}

/**
 * The jobs that an account may have at Midjourney at a time. Follow-ups wait here, because they can run nowhere
 * else, and come before new drawings, which take a slot only when nothing waits for it.
 *
 * Not a semaphore of a library: none lets in jobs beyond the limit, as those that were at Midjourney before.
 */
export class Slots {
  /** While it lasts no slot counts as free. */
  readonly hold = new Hold(() => this.#letIn());
  readonly #limit: number;
  readonly #onFree: () => void;
  #used = 0;
  /** The next one first. */
  readonly #waiting: Waiter[] = [];

  /** @param onFree called when there is room that nothing waits for */
  constructor(limit: number, onFree: () => void = () => {}) {
    this.#limit = limit;
    this.#onFree = onFree;
  }

  get used(): number {
    return this.#used;
  }

  get isFree(): boolean {
    return this.#used < this.#limit && !this.hold.isOn;
  }

  /** Whether more are taken than there are, by jobs that were at Midjourney already. */
  get isOverfull(): boolean {
    return this.#used > this.#limit;
  }

  /** Takes a slot if one is free. */
  tryAcquire(): Release | undefined {
    return this.isFree ? this.occupy() : undefined;
  }

  /** Waits for a free slot; the lowest priority is first. @throws the signal's reason when aborted while waiting. */
  async acquire(priority: number, signal: AbortSignal): Promise<Release> {
    signal.throwIfAborted();
    const free = this.tryAcquire();
    if (free) return free;
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        priority,
        take(release) {
          signal.removeEventListener('abort', leave);
          resolve(release);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiter);
      this.#waiting.sort((a, b) => a.priority - b.priority);
    });
  }

  /** Takes a slot for a job that is at Midjourney already, free or not. */
  occupy(): Release {
    this.#used += 1;
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      this.#used -= 1;
      this.#letIn();
    };
  }

  #letIn(): void {
    while (this.isFree) {
      const next = this.#waiting.shift();
      if (!next) {
        this.#onFree();
        return;
      }
      next.take(this.occupy());
    }
  }
}
