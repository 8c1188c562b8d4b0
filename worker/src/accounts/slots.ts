/** Gives back what was acquired. Calling it again does nothing. */
export type Release = () => void;

/**
 * The jobs that an account may have at Midjourney at a time. Follow-ups wait here, because they can run nowhere
 * else, and come before new drawings, which take a slot only when nobody waits for it.
 */
export class Slots {
  readonly #limit: number;
  readonly #onFree: () => void;
  #used = 0;
  readonly #waiting: (Waiter & { turn: number })[] = [];

  /** @param onFree told when there is room that nobody waits for */
  constructor(limit: number, onFree: () => void = () => {}) {
    this.#limit = limit;
    this.#onFree = onFree;
  }

  get used(): number {
    return this.#used;
  }

  get isFree(): boolean {
    return this.#used < this.#limit;
  }

  /** Whether more are taken than there are, by jobs that were at Midjourney before anybody could ask. */
  get isOverfull(): boolean {
    return this.#used > this.#limit;
  }

  /** Takes a slot if one is free. */
  tryAcquire(): Release | undefined {
    return this.isFree ? this.occupy() : undefined;
  }

  /** Waits for a free slot; of those who wait, the lowest turn is first. @throws when aborted while waiting. */
  async acquire(turn: number, signal: AbortSignal): Promise<Release> {
    signal.throwIfAborted();
    const free = this.tryAcquire();
    if (free) return free;
    const waiting = waitIn(this.#waiting, signal, (waiter) => Object.assign(waiter, { turn }));
    this.#waiting.sort((a, b) => a.turn - b.turn);
    return waiting;
  }

  /** Takes a slot for a job that is at Midjourney already, free or not. */
  occupy(): Release {
    this.#used += 1;
    return once(() => {
      this.#used -= 1;
      while (this.isFree) {
        const next = this.#waiting.shift();
        if (!next) return this.#onFree();
        next(this.occupy());
      }
    });
  }
}

/** Lets one holder of a key go at a time, in the order they came. */
export class Exclusive {
  readonly #waiting = new Map<string, Waiter[]>();

  /** Waits until nobody else holds the key; null is free to all. @throws when aborted while waiting. */
  async acquire(key: string | null, signal: AbortSignal): Promise<Release> {
    signal.throwIfAborted();
    if (key === null) return () => {};
    const waiting = this.#waiting.get(key);
    if (waiting) return waitIn(waiting, signal, (waiter) => waiter);
    this.#waiting.set(key, []);
    return once(() => this.#passOn(key));
  }

  /** Whether somebody holds the key, so that the next has to wait. */
  isTaken(key: string | null): boolean {
    return key !== null && this.#waiting.has(key);
  }

  /** For a job that is at Midjourney already: takes the key unless another one has it, and never waits. */
  tryAcquire(key: string | null): Release {
    if (key === null || this.#waiting.has(key)) return () => {};
    this.#waiting.set(key, []);
    return once(() => this.#passOn(key));
  }

  #passOn(key: string): void {
    const next = this.#waiting.get(key)?.shift();
    if (next) next(once(() => this.#passOn(key)));
    else this.#waiting.delete(key);
  }
}

type Waiter = (release: Release) => void;

function waitIn<W extends Waiter>(
  line: W[],
  signal: AbortSignal,
  mark: (waiter: Waiter) => W,
): Promise<Release> {
  return new Promise((resolve, reject) => {
    const waiter = mark((release) => {
      signal.removeEventListener('abort', leave);
      resolve(release);
    });
    const leave = () => {
      line.splice(line.indexOf(waiter), 1);
      reject(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    line.push(waiter);
  });
}

function once(action: () => void): Release {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}
