import type { User } from './discord/model.ts';
import type { NewSnowflake } from './discord/snowflake.ts';
import { makeUser } from './discord/users.ts';
import { midjourneyBots } from './midjourney/identity.ts';
import type { Refusal } from './midjourney/refusals.ts';
import { initialSettings, type UserSettings } from './midjourney/settings-menu.ts';
import { makeToken, userIdOfToken } from './tokens.ts';

export interface AccountSpec {
  userToken?: string;
  botToken?: string;
  guildId?: string;
  channelId?: string;
  /** Maximum jobs that Midjourney draws for it at once. */
  concurrency?: number;
  /** Maximum videos in addition; by default the same number. */
  videoConcurrency?: number;
  /** Maximum jobs that wait at Midjourney. */
  queueSize?: number;
}

/** The owner of a token: a person's Discord user, or an operator's own bot. */
export interface Principal {
  kind: 'user' | 'bot';
  token: string;
  user: User;
  guildIds: Set<string>;
  revoked: boolean;
  /** Whether the developer portal grants this bot the Message Content intent. */
  contentIntent: boolean;
}

/** The condition of an account at Midjourney. A refusal with an `until` ends at that time. */
type Condition = { kind: 'ready' } | { kind: 'human_check' } | { kind: 'refused'; refusal: Refusal };

/** A Discord user with a Midjourney subscription, and the bot that listens in the same channel. */
export interface Account extends UserSettings {
  user: Principal;
  bot: Principal;
  guildId: string;
  channelId: string;
  concurrency: number;
  videoConcurrency: number;
  queueSize: number;
  condition: Condition;
}

/** The current condition of an account. */
export function conditionOf(account: Account, now = Date.now()): Condition {
  const { condition } = account;
  const until = condition.kind === 'refused' ? condition.refusal.until : undefined;
  if (until !== undefined && until <= now) account.condition = { kind: 'ready' };
  return account.condition;
}

export class Accounts {
  readonly #accounts = new Map<string, Account>();
  readonly #principals = new Map<string, Principal>();
  readonly #guildOfChannel = new Map<string, string>();
  readonly #newId: NewSnowflake;

  constructor(newId: NewSnowflake) {
    this.#newId = newId;
  }

  /** Throws when a token does not look like Discord's or the user is already there. */
  add(spec: AccountSpec): Account {
    const userToken = spec.userToken ?? makeToken(this.#newId());
    const botToken = spec.botToken ?? makeToken(this.#newId());
    const userId = userIdOfToken(userToken, 'the user token');
    if (this.#accounts.has(userId)) throw new Error(`the user ${userId} already has an account here`);
    const number = this.#accounts.size + 1;
    const guildId = spec.guildId ?? this.#newId();
    const channelId = spec.channelId ?? this.#newId();
    const account: Account = {
      user: this.#principal('user', userToken, makeUser(userId, `painter_${number}`)),
      bot: this.#principal(
        'bot',
        botToken,
        makeUser(userIdOfToken(botToken, 'the bot token'), `listener_${number}`, {
          bot: true,
          discriminator: String(1000 + (number % 9000)),
        }),
      ),
      guildId,
      channelId,
      concurrency: spec.concurrency ?? 3,
      videoConcurrency: spec.videoConcurrency ?? spec.concurrency ?? 3,
      queueSize: spec.queueSize ?? 10,
      ...initialSettings,
      condition: { kind: 'ready' },
    };
    account.user.guildIds.add(guildId);
    account.bot.guildIds.add(guildId);
    this.#accounts.set(userId, account);
    this.#guildOfChannel.set(channelId, guildId);
    return account;
  }

  all(): Account[] {
    return [...this.#accounts.values()];
  }

  ofUser(userId: string): Account | undefined {
    return this.#accounts.get(userId);
  }

  /** The accounts of a token: one for a user, possibly several for a bot. */
  ofPrincipal(principal: Principal): Account[] {
    if (principal.kind === 'user') {
      const account = this.#accounts.get(principal.user.id);
      return account ? [account] : [];
    }
    return this.all().filter((account) => account.bot === principal);
  }

  /** The owner of a bare token, unless it was revoked. */
  ofToken(token: string): Principal | undefined {
    const principal = this.#principals.get(token);
    return principal?.revoked ? undefined : principal;
  }

  /** The owner of an `Authorization` header: `Bot <token>` for bots, the bare token for users. */
  authenticate(header: string | undefined): Principal | undefined {
    if (header === undefined) return undefined;
    const asBot = header.startsWith('Bot ');
    const principal = this.ofToken(asBot ? header.slice(4) : header);
    return principal?.kind === (asBot ? 'bot' : 'user') ? principal : undefined;
  }

  /** A user or bot by its id, Midjourney's among them. */
  userOf(id: string): User | undefined {
    const known = [...midjourneyBots, ...[...this.#principals.values()].map(({ user }) => user)];
    return known.find((user) => user.id === id);
  }

  inGuild(guildId: string): Account[] {
    return this.all().filter((account) => account.guildId === guildId);
  }

  /** The guild that a channel is in. */
  guildOf(channelId: string): string | undefined {
    return this.#guildOfChannel.get(channelId);
  }

  #principal(kind: 'user' | 'bot', token: string, user: User): Principal {
    const known = this.#principals.get(token);
    if (known) return known;
    const made: Principal = {
      kind,
      token,
      user,
      guildIds: new Set(),
      revoked: false,
      contentIntent: true,
    };
    this.#principals.set(token, made);
    return made;
  }
}
