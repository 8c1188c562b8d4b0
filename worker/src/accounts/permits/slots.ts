import { Hold } from './hold.ts';
import type { Pace } from './pace.ts';
import type { Send } from './pacing.ts';

/** Gives back what was acquired. Calling it again does nothing. */
export type Release = () => void;

/** Room for a task at Midjourney. */
export interface Slot {
  release: Release;
  /** The task goes out now; counted for the pace of its account. */
  sending(): void;
  /** It did not go out after all. */
  notSent(): void;
}

interface Waiter {
  send: Send;
  priority: number;
  take(slot: Slot): void;
  /** Called with the reason why it waits although a slot is free. */
  paced(reason: string): void;
}

const picture: Send = { work: 'picture', speed: null };
const video: Send = { work: 'video', speed: null };

export interface SlotsOptions {
  /** Jobs at a time; videos too, unless they have slots of their own. */
  pictures: number;
  videos: number | null;
  pace: Pace;
  /** Called when a slot may be free that nothing waits for. */
  onFree?(): void;
}

/**
 * The jobs that an account may have at Midjourney at a time. Follow-ups wait here, because they can run nowhere
 * else, and come before new drawings, which take a slot only when nothing waits for it. A task that the account's pace
 * delays takes no slot while it waits.
 *
 * Not a library's semaphore: none admits jobs beyond its limit, such as those that were at Midjourney before.
 */
export class Slots {
  /** While it lasts, no slot counts as free. */
  readonly hold = new Hold(() => this.#letIn());
  readonly #options: SlotsOptions;
  readonly #used = { pictures: 0, videos: 0 };
  /** The next one first. */
  readonly #waiting: Waiter[] = [];

  constructor(options: SlotsOptions) {
    this.#options = options;
    options.pace.onDue(() => this.#letIn());
  }

  get used(): number {
    return this.#used.pictures + this.#used.videos;
  }

  /** Whether this could have a slot at once. */
  isFreeFor(send: Send): boolean {
    return this.#hasRoomFor(send) && this.#options.pace.verdict(send) === 'now';
  }

  /** Whether more are taken than the account has, by jobs that were at Midjourney already. */
  isOverfullFor(send: Send): boolean {
    const pool = this.#poolOf(send);
    return this.#used[pool] > this.#limitOf(pool);
  }

  /** Takes a slot if one is free, and the pace allows it. */
  tryAcquire(send: Send): Slot | undefined {
    return this.isFreeFor(send) ? this.#take(send) : undefined;
  }

  /**
   * Waits for a free slot; the lowest priority is first.
   * @param paced called with the reason when it has to wait although a slot is free.
   * @throws the signal's reason when aborted while waiting.
   */
  async acquire(
    send: Send,
    priority: number,
    signal: AbortSignal,
    paced: (reason: string) => void = () => {},
  ): Promise<Slot> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        send,
        priority,
        paced,
        take(slot) {
          signal.removeEventListener('abort', leave);
          resolve(slot);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiter);
      this.#waiting.sort((a, b) => a.priority - b.priority);
      this.#letIn();
    });
  }

  /** Takes a slot for a job that is at Midjourney already, free or not. */
  occupy(send: Send): Slot {
    return { release: this.#occupy(send), sending() {}, notSent() {} };
  }

  #take(send: Send): Slot {
    const counted = this.#options.pace.take(send);
    const release = this.#occupy(send);
    return {
      sending: counted.sending,
      notSent: counted.notSent,
      release() {
        counted.over();
        release();
      },
    };
  }

  #occupy(send: Send): Release {
    const pool = this.#poolOf(send);
    this.#used[pool] += 1;
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      this.#used[pool] -= 1;
      this.#letIn();
    };
  }

  #letIn(): void {
    for (const waiter of [...this.#waiting]) {
      if (!this.#hasRoomFor(waiter.send)) continue;
      const verdict = this.#options.pace.verdict(waiter.send);
      if (verdict === 'now') {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        waiter.take(this.#take(waiter.send));
      } else if (!verdict.isPause) waiter.paced(verdict.reason);
    }
    const kinds = [picture, video];
    if (kinds.some((kind) => this.#hasRoomFor(kind))) this.#options.onFree?.();
  }

  #hasRoomFor(send: Send): boolean {
    const pool = this.#poolOf(send);
    return this.#used[pool] < this.#limitOf(pool) && !this.hold.isOn;
  }

  #poolOf({ work }: Send): 'pictures' | 'videos' {
    return work === 'video' && this.#options.videos !== null ? 'videos' : 'pictures';
  }

  #limitOf(pool: 'pictures' | 'videos'): number {
    return (pool === 'videos' ? this.#options.videos : null) ?? this.#options.pictures;
  }
}
