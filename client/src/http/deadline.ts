/**
 * A signal that is aborted with another one, or when its time is up. Unlike `AbortSignal.any` it releases the other one,
 * which may live as long as the program.
 */
export class Deadline {
  /** Whether its time is up, rather than the other signal aborted. */
  passed = false;
  readonly #controller = new AbortController();
  readonly #ms: number | undefined;
  readonly #other: AbortSignal | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param ms no time limit if left out */
  constructor(ms: number | undefined, other?: AbortSignal) {
    this.#ms = ms;
    this.#other = other;
    other?.addEventListener('abort', this.#follow);
    if (other?.aborted) this.#follow();
    else this.extend();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Restarts the time. */
  extend(): void {
    clearTimeout(this.#timer);
    if (this.#ms !== undefined) this.#timer = setTimeout(this.#pass, this.#ms);
  }

  /** Must be called when the limited operation has ended. */
  end(): void {
    clearTimeout(this.#timer);
    this.#other?.removeEventListener('abort', this.#follow);
  }

  readonly #follow = () => this.#controller.abort(this.#other?.reason);

  readonly #pass = () => {
    this.passed = true;
    this.#controller.abort(new DOMException(`Nothing came within ${this.#ms} ms.`, 'TimeoutError'));
  };
}
