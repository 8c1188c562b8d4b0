import type { AccountRow } from '@midjourney-api/shared/accounts/accounts';
import { type Lease, releaseLease, renewLeases } from '@midjourney-api/shared/accounts/leases';
import type { AccountRefusal } from '@midjourney-api/shared/accounts/refusal-causes';
import type { RecordedStanding } from '@midjourney-api/shared/accounts/standing';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import type { DiscordAccount } from '../../discord/discord-account.ts';
import { isLocked, type OpenAccount } from './open-account.ts';
import type { OwnLease } from './own-lease.ts';

/** The session of an account, as the pool sees it. */
export interface PooledSession {
  /** Settles when it listens; rejects when it cannot be started, or is stopped before. */
  started: Promise<void>;
  /** Whether it is refused, and MySQL says so: once MySQL no longer does, an operator has resumed it. */
  isKnownRefused(): boolean;
  /** Another worker found the account refused. */
  refuse(refusal: AccountRefusal): void;
  /** Whether it has nothing to follow. */
  isIdle(): boolean;
  /** Whether it takes new tasks; what it has at Midjourney is followed to its end either way. */
  setOpen(open: boolean): void;
  stop(): Promise<void>;
}

/** An account that this worker has. */
export interface OwnAccount {
  lease: OwnLease;
  /** The settings that its session was started with, to see when they change. */
  settings: string;
  session: PooledSession;
  /** While its session is being stopped: the account is given away, or starts again with other settings. */
  ending?: 'given away' | 'restarted';
}

export interface OwnAccountsOptions {
  db: Database;
  /** Identifies this worker among the others. */
  worker: string;
  /** How long a worker that died still has its accounts, in milliseconds. */
  leaseMs: number;
  open: OpenAccount;
  start(account: DiscordAccount, lease: OwnLease, recorded: RecordedStanding): PooledSession;
  log: Logger;
}

/** The accounts that this worker has, each under its lease, and their sessions, which start and stop side by side. */
export class OwnAccounts {
  readonly #options: OwnAccountsOptions;
  /** Aborted when the worker stops: then nothing is started. */
  readonly #stopping: AbortSignal;
  readonly #accounts = new Map<string, OwnAccount>();
  readonly #endings = new Set<Promise<void>>();

  constructor(options: OwnAccountsOptions, stopping: AbortSignal) {
    this.#options = options;
    this.#stopping = stopping;
  }

  /** All of them, those that are being given away included. */
  all(): OwnAccount[] {
    return [...this.#accounts.values()];
  }

  /** Those that are not being given away. */
  kept(): OwnAccount[] {
    return this.all().filter(({ ending }) => ending !== 'given away');
  }

  has(name: string): boolean {
    return this.#accounts.has(name);
  }

  async renewLeases(): Promise<void> {
    const { db, worker, leaseMs, log } = this.#options;
    const renewing = this.all();
    const renewingAt = performance.now();
    const names = renewing.map(({ lease }) => lease.account);
    const fences = await renewLeases(db, worker, names, leaseMs);
    for (const own of renewing) {
      const { account, fence } = own.lease;
      if (fences.get(account) === fence) {
        own.lease.renewed(renewingAt);
      } else if (!own.ending) {
        log.warn({ account }, 'another worker has the account by now');
        this.giveAway(own);
      }
    }
  }

  start(row: AccountRow, account: DiscordAccount, lease: OwnLease): void {
    const session = this.#options.start(account, lease, row);
    session.setOpen(row.enabled);
    const own: OwnAccount = { lease, settings: settingsOf(row), session };
    this.#accounts.set(row.name, own);
    session.started.catch((err) => {
      if (own.ending) return;
      this.#options.log.error({ err, account: row.name }, 'the account could not be started, trying again');
      this.giveAway(own);
    });
  }

  restart(own: OwnAccount, row: AccountRow): void {
    own.ending = 'restarted';
    this.#ends(async () => {
      await own.session.stop();
      this.#accounts.delete(row.name);
      const account = this.#options.open(row);
      if (this.#stopping.aborted || isLocked(account)) await this.#release(own.lease);
      else this.start(row, account, own.lease);
    });
  }

  giveAway(own: OwnAccount): void {
    if (own.ending) return;
    own.ending = 'given away';
    this.#ends(async () => {
      await own.session.stop();
      await this.#release(own.lease);
      this.#accounts.delete(own.lease.account);
    });
  }

  async giveAllAway(): Promise<void> {
    for (const own of this.#accounts.values()) this.giveAway(own);
    await Promise.all(this.#endings);
  }

  #ends(end: () => Promise<void>): void {
    const ending = end()
      .catch((err) => this.#options.log.error({ err }, 'an account could not be stopped'))
      .finally(() => this.#endings.delete(ending));
    this.#endings.add(ending);
  }

  /** Does nothing to a lease that is another worker's by now. */
  async #release(lease: Lease): Promise<void> {
    await releaseLease(this.#options.db, lease).catch((err) =>
      this.#options.log.warn(
        { err, account: lease.account },
        'the lease could not be released; it expires by itself',
      ),
    );
  }
}

/** What a session has to be restarted for when it changes. */
export function settingsOf(row: AccountRow): string {
  const { guildId, channelId, userToken, botToken, session, concurrency, speed, weight, pacing, proxy } = row;
  return JSON.stringify([
    guildId,
    channelId,
    userToken,
    botToken,
    session,
    concurrency,
    speed,
    weight,
    pacing,
    proxy,
  ]);
}
