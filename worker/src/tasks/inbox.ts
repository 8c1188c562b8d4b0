/** A queue of what happened to a task, for the one loop that handles it in order. */
export class Inbox<T> {
  readonly #waiting: T[] = [];
  #wake: (() => void) | undefined;

  put(value: T): void {
    this.#waiting.push(value);
    this.#wake?.();
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** The next value, or undefined when none comes within the given milliseconds. @throws when aborted. */
  async take(withinMs: number, signal: AbortSignal): Promise<T | undefined> {
    await this.arrival(withinMs, signal);
    return this.#waiting.shift();
  }

  /** Waits until there is something to take, for the given milliseconds at most. @throws when aborted. */
  async arrival(withinMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.isEmpty || withinMs <= 0) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, withinMs);
      signal.addEventListener('abort', done);
      this.#wake = done;
    });
    signal.throwIfAborted();
  }
}
