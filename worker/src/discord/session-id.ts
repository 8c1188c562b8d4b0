import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';

/**
 * What an account's interactions name as its user's gateway session, to which Discord sends what only that user may
 * see. Where a bot listens the user has no session, and what Discord would send there is lost.
 */
export class SessionId {
  /** Null while no session listens. */
  #current: string | null;
  readonly #opened = new EventEmitter().setMaxListeners(0);
  readonly #isMadeUp: boolean;

  constructor(session: 'bot' | 'user') {
    this.#isMadeUp = session === 'bot';
    this.#current = this.#isMadeUp ? randomBytes(16).toString('hex') : null;
  }

  /** The session that listens; while it is away, the next one. @throws when aborted. */
  async get(signal: AbortSignal): Promise<string> {
    while (this.#current === null) await once(this.#opened, 'session', { signal });
    return this.#current;
  }

  opened(id: string): void {
    if (this.#isMadeUp) return;
    this.#current = id;
    this.#opened.emit('session');
  }

  closed(): void {
    if (!this.#isMadeUp) this.#current = null;
  }
}
