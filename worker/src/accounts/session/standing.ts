import { isRefused } from '@midjourney-api/shared/accounts/account-states';
import { type AccountRefusal, adviceFor } from '@midjourney-api/shared/accounts/refusal-causes';
import { refusedStanding, type Standing, standingIn } from '@midjourney-api/shared/accounts/standing';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import { SessionStopped } from './session-stopped.ts';

/** The standing of an account, as its session sees it. */
export interface SessionStanding extends Standing {
  /** False while operators have disabled the account: it follows its tasks at Midjourney, and takes no new ones. */
  isOpen: boolean;
}

export type StandingEvent =
  /** The session listens, and has read all that happened in the channel. */
  | { type: 'up to date' }
  | { type: 'away' }
  | { type: 'refused'; refusal: AccountRefusal }
  /** It is known where a person can answer the human check. */
  | { type: 'check link'; link: string }
  /** Its pace keeps it from drawing something new, or no longer does. */
  | { type: 'paced'; hold: Pick<Standing, 'reason' | 'until'> | null }
  | { type: 'opened' }
  | { type: 'closed' };

/** A refusal outlasts the session in which it came: only a person can resolve it. */
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
  // Only a person can resolve a refusal, not a reconnection; and the first reason stays the one that is shown.
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

/** The current standing of an account. */
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

  /** Aborted while the account is closed, so that the jobs which wait for it go back to their queue. */
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
        this.#log.info('the account takes new tasks again');
        this.#closing = new AbortController();
        break;
      case 'closed':
        this.#log.info('the account takes no new tasks');
        this.#closing.abort(new SessionStopped('The account takes no new tasks.'));
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
