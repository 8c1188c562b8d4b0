import type { Accounts, Principal } from '../accounts.ts';
import { type GuildEvent, intentOf } from './guild-event.ts';
import type { Interactions } from './interactions.ts';
import type { Session } from './session.ts';

const resumeWindowMs = 5 * 60_000;
const maxDetachedSessions = 5;

/** The sessions that are connected or can still be resumed, and the guilds that each has seen. */
export class GatewaySessions {
  readonly #sessions = new Map<string, Session>();
  readonly #ofGuild = new Map<string, Set<Session>>();
  readonly #accounts: Accounts;

  constructor(accounts: Accounts) {
    this.#accounts = accounts;
  }

  /** Makes room for it: only a few sessions of one principal may wait to be resumed. */
  add(session: Session): void {
    this.#sessions.set(session.id, session);
    this.#dropDetachedBeyondLimit(session.principal);
  }

  get(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  all(): Iterable<Session> {
    return this.#sessions.values();
  }

  /** The connected sessions: all, or those of one account. */
  connected(accountUserId?: string): Session[] {
    return [...this.#sessions.values()].filter(
      (session) =>
        session.connected && (accountUserId === undefined || this.#speaksFor(session, accountUserId)),
    );
  }

  enter(session: Session, guildId: string): void {
    const here = this.#ofGuild.get(guildId) ?? new Set();
    this.#ofGuild.set(guildId, here.add(session));
  }

  isIn(guildId: string, session: Session): boolean {
    return this.#ofGuild.get(guildId)?.has(session) ?? false;
  }

  recipientsOf(event: GuildEvent, interactions: Interactions): Session[] {
    const { between, guildId, onlyFor, onlySession } = event;
    const direct = between !== undefined;
    const here = direct
      ? [...this.#sessions.values()].filter(({ principal }) => between.includes(principal.user.id))
      : [...(guildId === undefined ? this.#sessions.values() : (this.#ofGuild.get(guildId) ?? []))];
    if (onlySession !== undefined) return here.filter(({ id }) => id === onlySession);
    if (onlyFor !== undefined) {
      // Events that answer an interaction have its id.
      const answered =
        event.interactionId ?? (event.type.startsWith('INTERACTION_') ? String(event.data.id) : undefined);
      const named = interactions.get(answered)?.sessionId;
      return here.filter(
        ({ id, principal }) =>
          principal.kind === 'user' && principal.user.id === onlyFor && (named === undefined || id === named),
      );
    }
    return here.filter((session) => session.wants(intentOf(event.type, direct)));
  }

  forget(session: Session): void {
    this.#sessions.delete(session.id);
    for (const guildId of session.principal.guildIds) this.#ofGuild.get(guildId)?.delete(session);
  }

  /** Forgets sessions that can no longer be resumed. */
  forgetExpired(now: number): void {
    for (const session of this.#sessions.values()) {
      if (session.detachedAt !== undefined && now - session.detachedAt > resumeWindowMs) this.forget(session);
    }
  }

  #speaksFor(session: Session, accountUserId: string): boolean {
    return this.#accounts
      .ofPrincipal(session.principal)
      .some((account) => account.user.user.id === accountUserId);
  }

  #dropDetachedBeyondLimit(principal: Principal): void {
    const detached = [...this.#sessions.values()].filter(
      (session) => session.principal === principal && !session.connected,
    );
    for (const session of detached.slice(0, -maxDetachedSessions)) this.forget(session);
  }
}
