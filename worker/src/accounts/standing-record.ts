import { isRefused } from '@midjourney-api/shared/accounts/account-states';
import type { Standing } from '@midjourney-api/shared/accounts/accounts';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import { retry } from '../retry.ts';

export interface StandingRecordOptions {
  /** How the account stood when the session began. */
  recorded: Standing;
  /** Stores a standing where operators and the api read it. */
  write(standing: Standing): Promise<void>;
  /** Aborted when the session ends: the next one records its own. */
  signal: AbortSignal;
  log: Logger;
}

/**
 * Keeps the stored standing of an account true. It writes one standing at a time, so that no earlier one overtakes a
 * later one, and repeats a write that failed: the next change may be hours away, and until then everybody would read
 * the old standing.
 */
export class StandingRecord {
  readonly #options: StandingRecordOptions;
  #recorded: Standing;
  #wanted: Standing;
  #isWriting = false;

  constructor(options: StandingRecordOptions) {
    this.#options = options;
    this.#recorded = options.recorded;
    this.#wanted = options.recorded;
  }

  /** Whether a refusal is stored: if the stored state says otherwise, an operator has resumed the account. */
  get isRefused(): boolean {
    return isRefused(this.#recorded.state);
  }

  set(standing: Standing): void {
    if (this.#options.signal.aborted) return;
    this.#wanted = standing;
    if (!this.#isWriting) void this.#catchUp();
  }

  async #catchUp(): Promise<void> {
    const { write, signal, log } = this.#options;
    this.#isWriting = true;
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
    } finally {
      this.#isWriting = false;
    }
  }
}
