import { isRefused } from '@midjourney-api/shared/accounts/account-states';
import { type AccountRefusal, adviceFor } from '@midjourney-api/shared/accounts/refusal-causes';
import { refusedStanding, type Standing, standingIn } from '@midjourney-api/shared/accounts/standing';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import { SessionStopped } from './session-stopped.ts';

/** How an account stands for the session that works for it. */
export interface SessionStanding extends Standing {
  /** False while operators have disabled the account: it follows what it has at Midjourney, and takes nothing new. */
  isOpen: boolean;
}

export type StandingEvent =
  /** The session listens, and knows all that has happened in the channel. */
  | { type: 'up to date' }
  | { type: 'away' }
  | { type: 'refused'; refusal: AccountRefusal }
  /** It is known where a person can answer the human check. */
  | { type: 'check link'; link: string }
  /** Its pace keeps it from drawing something new, or no longer does. */
  | { type: 'paced'; hold: Pick<Standing, 'reason' | 'until'> | null }
  | { type: 'opened' }
  | { type: 'closed' };

/** What a person has to mend stays so when another session begins. */
export function initialStanding({ state, reason, cause, until, checkLink }: Standing): SessionStanding {
  const recorded = isRefused(state) ? { state, reason, cause, until, checkLink } : standingIn('connecting');
  return { ...recorded, isOpen: true };
}

/** @returns the same object when the event changes nothing. */
export function step(standing: SessionStanding, event: StandingEvent): SessionStanding {
  switch (event.type) {
    case 'up to date':
      return enter(standing, standingIn('ready'));
    case 'away':
      return enter(standing, standingIn('connecting'));
    case 'refused':
      return enter(standing, refusedStanding(event.refusal));
    case 'check link':
      return standing.cause === 'human_check' ? { ...standing, checkLink: event.link } : standing;
    case 'paced':
      return hold(standing, event.hold ?? { reason: null, until: null });
    case 'opened':
      return standing.isOpen ? standing : { ...standing, isOpen: true };
    case 'closed':
      return standing.isOpen ? { ...standing, isOpen: false } : standing;
  }
}

function enter(standing: SessionStanding, next: Standing): SessionStanding {
  // What a person has to mend is not mended by a reconnection, and the first reason stays the one that is shown.
  if (isRefused(standing.state) || standing.state === next.state) return standing;
  return { ...standing, ...next };
}

function hold(
  standing: SessionStanding,
  { reason, until }: Pick<Standing, 'reason' | 'until'>,
): SessionStanding {
  const isShown = standing.reason === reason && standing.until?.getTime() === until?.getTime();
  return standing.state !== 'ready' || isShown ? standing : { ...standing, reason, until };
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

  /** Whether the account takes new tasks and can send them. */
  get isReady(): boolean {
    return this.#current.state === 'ready' && this.#current.isOpen;
  }

  get isRefused(): boolean {
    return isRefused(this.#current.state);
  }

  /** Why it may send nothing; undefined while it may. */
  get refusal(): AccountRefusal | undefined {
    const { cause, reason, until } = this.#current;
    return this.isRefused ? { cause: cause ?? 'unknown', reason: reason ?? '', until } : undefined;
  }

  /** Aborted while the account is closed: what waits for it here goes back to its queue. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** Stops sending on this account until an operator resumes it, and says why. */
  refuse(refusal: AccountRefusal): void {
    this.enter({ type: 'refused', refusal });
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
        const { cause, reason, until } = event.refusal;
        this.#log.error(
          { state: now.state, cause, reason, until, advice: adviceFor(cause) },
          'the account is refused: it sends nothing more until it is resumed',
        );
        break;
      }
      case 'check link':
        this.#log.info('"npm run accounts -- list" shows where a person can answer the human check');
    }
    if (now.state !== before.state) this.#log.info({ state: now.state }, 'account state');
    for (const listener of this.#listeners) listener(now, before);
  }
}
