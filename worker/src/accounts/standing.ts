import { isRefused } from '@midjourney-api/shared/accounts/account-states';
import type { Standing } from '@midjourney-api/shared/accounts/accounts';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import type { FailCode } from '@midjourney-api/shared/tasks/task';
import { SessionStopped } from './session-stopped.ts';

/** How an account stands for the session that works for it. */
export interface SessionStanding extends Standing {
  state: 'connecting' | 'ready' | 'refused' | 'verification_required';
  /** False while operators have disabled the account: it follows what it has at Midjourney, and takes nothing new. */
  isOpen: boolean;
}

export type StandingEvent =
  /** The session listens, and knows all that has happened in the channel. */
  | { type: 'up to date' }
  | { type: 'away' }
  | { type: 'refused'; code: FailCode; reason: string }
  | { type: 'opened' }
  | { type: 'closed' };

/** What a person has to mend stays so when another session begins. */
export function initialStanding({ state, reason }: Standing): SessionStanding {
  if (state === 'refused' || state === 'verification_required') return { state, reason, isOpen: true };
  return { state: 'connecting', reason: null, isOpen: true };
}

/** @returns the same object when the event changes nothing. */
export function step(standing: SessionStanding, event: StandingEvent): SessionStanding {
  switch (event.type) {
    case 'up to date':
      return enter(standing, 'ready', null);
    case 'away':
      return enter(standing, 'connecting', null);
    case 'refused': {
      const state = event.code === 'verification_required' ? event.code : 'refused';
      return enter(standing, state, event.reason);
    }
    case 'opened':
      return standing.isOpen ? standing : { ...standing, isOpen: true };
    case 'closed':
      return standing.isOpen ? { ...standing, isOpen: false } : standing;
  }
}

function enter(
  standing: SessionStanding,
  state: SessionStanding['state'],
  reason: string | null,
): SessionStanding {
  // What a person has to mend is not mended by a reconnection, and the first reason stays the one that is shown.
  if (isRefused(standing.state) || standing.state === state) return standing;
  return { ...standing, state, reason };
}

type StandingListener = (now: SessionStanding, before: SessionStanding) => void;

/** How an account stands now. */
export class AccountStanding {
  #current: SessionStanding;
  #closing = new AbortController();
  readonly #listeners: StandingListener[] = [];
  readonly #log: Logger;

  constructor(recorded: Standing, log: Logger) {
    this.#current = initialStanding(recorded);
    this.#log = log;
  }

  onChange(listener: StandingListener): void {
    this.#listeners.push(listener);
  }

  get reason(): string | null {
    return this.#current.reason;
  }

  /** Whether the account takes new tasks and can send them. */
  get isReady(): boolean {
    return this.#current.state === 'ready' && this.#current.isOpen;
  }

  get isRefused(): boolean {
    return isRefused(this.#current.state);
  }

  /** Aborted while the account is closed: what waits for it here goes back to its queue. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** Stops sending on this account until an operator resumes it, and says why. */
  refuse(code: FailCode, reason: string): void {
    this.enter({ type: 'refused', code, reason });
  }

  enter(event: StandingEvent): void {
    const before = this.#current;
    const now = step(before, event);
    if (now === before) return;
    this.#current = now;
    switch (event.type) {
      case 'opened':
        this.#log.info('the account is open again');
        this.#closing = new AbortController();
        break;
      case 'closed':
        this.#log.info('the account takes nothing new');
        this.#closing.abort(new SessionStopped('The account takes nothing new.'));
        break;
      case 'refused': {
        const { code, reason } = event;
        this.#log.error(
          { code, reason },
          'the account is refused: it sends nothing more until an operator resumes it',
        );
      }
    }
    if (now.state !== before.state) this.#log.info({ state: now.state }, 'account state');
    for (const listener of this.#listeners) listener(now, before);
  }
}
