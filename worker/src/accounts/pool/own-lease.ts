import type { Lease } from '@midjourney-api/shared/accounts/leases';

/** A lease of this worker. Whether it holds is judged by this process's own clock, which cannot be wrong in its favour. */
export class OwnLease implements Lease {
  readonly account: string;
  readonly worker: string;
  readonly fence: number;
  readonly #ms: number;
  #renewedAt: number;

  /**
   * @param ms how long it holds after it was taken or renewed
   * @param takenAt by `performance.now()`, before MySQL was asked for it: MySQL counts from a later moment
   */
  constructor({ account, worker, fence }: Lease, ms: number, takenAt: number) {
    this.account = account;
    this.worker = worker;
    this.fence = fence;
    this.#ms = ms;
    this.#renewedAt = takenAt;
  }

  /** @param at by `performance.now()`, before MySQL was asked to */
  renewed(at: number): void {
    this.#renewedAt = at;
  }

  /** Whether it definitely still holds. The clock keeps running in a frozen process, so it notices on waking. */
  holds(): boolean {
    return performance.now() < this.#renewedAt + this.#ms;
  }
}
