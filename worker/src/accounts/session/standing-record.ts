import { isRefused } from '@midjourney-api/shared/accounts/account-states';
import type { Standing } from '@midjourney-api/shared/accounts/standing';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import { retry } from '../../retry.ts';

export interface StandingRecordOptions {
  /** How the account stood when the session began. */
  recorded: Standing;
  /** Stores a standing where operators and the api read it. */
  write(standing: Standing): Promise<void>;
  log: Logger;
}

/**
 * Keeps the stored standing of an account up to date. It writes one standing at a time, so that no earlier one
 * overtakes a later one, and retries a write that failed: the next change may be hours away, and until then everybody
 * would read the old standing.
 */
export class StandingRecord {
  readonly #options: StandingRecordOptions;
  #recorded: Standing;
  #wanted: Standing;
  #writing: Promise<void> | undefined;
  #late: NodeJS.Timeout | undefined;
  readonly #stopping = new AbortController();

  constructor(options: StandingRecordOptions) {
    this.#options = options;
    this.#recorded = options.recorded;
    this.#wanted = options.recorded;
  }

  /** Whether a refusal is stored: if the stored state says otherwise, an operator has resumed the account. */
  get isRefused(): boolean {
    return isRefused(this.#recorded.state);
  }

  /** As `set`, unless another standing is set within `ms`. */
  setUnlessSucceeded(standing: Standing, ms: number): void {
    this.#late = setTimeout(() => this.set(standing), ms);
  }

  set(standing: Standing): void {
    clearTimeout(this.#late);
    if (this.#stopping.signal.aborted) return;
    this.#wanted = standing;
    this.#writing ??= this.#catchUp().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Settles once nothing more is written, so that it cannot overwrite what the account's next session records. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#late);
    await this.#writing;
  }

  async #catchUp(): Promise<void> {
    const { write, log } = this.#options;
    const { signal } = this.#stopping;
    try {
      while (this.#recorded !== this.#wanted) {
        await retry(
          async () => {
            const standing = this.#wanted;
            await write(standing);
            this.#recorded = standing;
          },
          {
            onRetry: (err, attempt) => log.warn({ err, attempt }, 'account state not recorded, trying again'),
            signal,
          },
        );
      }
    } catch (err) {
      if (!signal.aborted) throw err;
    }
  }
}
