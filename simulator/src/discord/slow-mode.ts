/** Slow mode by channel: how long a user must wait between two messages or interactions there. */
export class SlowMode {
  readonly #seconds = new Map<string, number>();
  readonly #lastActs = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** 0 for none. */
  set(channelId: string, seconds: number): void {
    this.#seconds.set(channelId, seconds);
  }

  of(channelId: string): number {
    return this.#seconds.get(channelId) ?? 0;
  }

  /** Records that a user acts in a channel. @returns the seconds that they should have waited; 0 if none. */
  act(channelId: string, userId: string): number {
    const seconds = this.of(channelId);
    if (seconds === 0) return 0;
    const key = `${channelId} ${userId}`;
    const wait = (this.#lastActs.get(key) ?? 0) + seconds * 1000 - this.#now();
    if (wait <= 0) this.#lastActs.set(key, this.#now());
    return Math.max(0, wait / 1000);
  }

  clear(): void {
    this.#seconds.clear();
    this.#lastActs.clear();
  }
}
