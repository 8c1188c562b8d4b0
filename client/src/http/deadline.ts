/**
 * A signal that is aborted with another one, or when time has run out. Unlike `AbortSignal.any` it lets go of the
 * other one, which may live as long as the program.
 */
export class Deadline {
  /** Whether time ran out, and not the other signal. */
  passed = false;
  readonly #controller = new AbortController();
  readonly #ms: number | undefined;
  readonly #other: AbortSignal | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param ms none when left out */
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

  /** All of the time is left again. */
  extend(): void {
    clearTimeout(this.#timer);
    if (this.#ms !== undefined) this.#timer = setTimeout(this.#pass, this.#ms);
  }

  /** Has to be called when what it limits is over. */
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
