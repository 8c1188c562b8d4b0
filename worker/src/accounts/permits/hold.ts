/** Keeps an account from sending for a while, although it has a free slot. */
export class Hold {
  readonly #onEnd: () => void;
  #until = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param onEnd called when the account may send again */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  get isOn(): boolean {
    return Date.now() < this.#until;
  }

  /** Lasts until then at least, unless it is lifted. */
  until(time: Date): void {
    if (time.getTime() <= this.#until) return;
    this.#until = time.getTime();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.lift(), this.#until - Date.now()).unref();
  }

  /** Ends it. Does nothing when there is none. */
  lift(): void {
    clearTimeout(this.#timer);
    if (this.#until === 0) return;
    this.#until = 0;
    this.#onEnd();
  }
}
