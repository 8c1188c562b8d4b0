import { drawsAtSpeed } from '@midjourney-api/shared/accounts/accounts';
import type { Send } from '../permits/pacing.ts';
import type { AccountSession } from '../session/account-session.ts';

/** The sessions of the accounts that this worker has, for jobs that need one. */
export class Sessions {
  readonly #sessions = new Set<AccountSession>();
  readonly #listeners: (() => void)[] = [];

  /** @param listener called whenever what the accounts can do may have changed. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  add(session: AccountSession): void {
    this.#sessions.add(session);
    this.changed();
  }

  delete(session: AccountSession): void {
    this.#sessions.delete(session);
    this.changed();
  }

  /** The session of an account, if this worker has it. */
  of(account: string): AccountSession | undefined {
    return [...this.#sessions].find(({ name }) => name === account);
  }

  /** Those that are ready, the least loaded for their weight first. */
  ready(): AccountSession[] {
    return [...this.#sessions]
      .filter(({ standing }) => standing.isReady)
      .sort((a, b) => a.capacity.load - b.capacity.load);
  }

  /** Those that could draw this at once, the least loaded for their weight first. */
  withSlotFor(drawing: Send): AccountSession[] {
    return this.ready().filter(
      (session) => drawsAtSpeed(session.account, drawing.speed) && session.capacity.hasSlotFor(drawing),
    );
  }
}
