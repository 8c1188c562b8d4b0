import { isRefused } from '@midjourney-api/shared/accounts/account-states';
import type { AccountRow } from '@midjourney-api/shared/accounts/accounts';
import {
  type Fleet,
  type Lease,
  leaveWorkers,
  readFleet,
  releaseLease,
  renewLeases,
  takeLease,
} from '@midjourney-api/shared/accounts/leases';
import type { AccountRefusal } from '@midjourney-api/shared/accounts/refusal-causes';
import {
  type RecordedStanding,
  recordLocked,
  recordStanding,
  resumeAfterBlock,
  standingIn,
} from '@midjourney-api/shared/accounts/standing';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import type { DiscordAccount } from '../../discord/discord-account.ts';
import { wait } from '../../wait.ts';
import { evenShare } from './even-share.ts';
import { isLocked, type LockedAccount, type OpenAccount } from './open-account.ts';
import { OwnLease } from './own-lease.ts';

/** An account that this worker has, as the pool sees it. */
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

export interface AccountPoolOptions {
  db: Database;
  /** Identifies this worker among the others. */
  worker: string;
  /** How long a worker that died still has its accounts, in milliseconds. */
  leaseMs: number;
  open: OpenAccount;
  start(account: DiscordAccount, lease: OwnLease, recorded: RecordedStanding): PooledSession;
  log: Logger;
}

interface Entry {
  lease: OwnLease;
  /** What it was started with, to see when that changes. */
  settings: string;
  session: PooledSession;
  /** While it is being stopped: it is given away, or starts again with other settings. */
  ending?: 'given away' | 'restarted';
}

/** How soon after a change by an operator, a death or a shutdown accounts are taken and given away. */
const lookEveryMs = 1_000;

/**
 * The accounts that this worker has: its even share of those that are enabled, or disabled with tasks at Midjourney
 * that have to be followed to their end, each under a lease. A dead worker's accounts are taken over when its leases
 * end; what it might still send is refused by the fence.
 * Accounts start and stop side by side, and nothing that they wait for keeps the leases from being renewed.
 */
export class AccountPool {
  readonly #options: AccountPoolOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #endings = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: AccountPoolOptions) {
    this.#options = options;
  }

  start(): void {
    const { leaseMs } = this.#options;
    // Three attempts before a lease ends.
    const renewEveryMs = leaseMs / 4;
    this.#running = Promise.all([
      this.#every(renewEveryMs, () => this.#renew()),
      this.#every(Math.min(lookEveryMs, renewEveryMs), () => this.#look()),
    ]);
  }

  /** Hands every account over at once. */
  async stop(): Promise<void> {
    const { db, worker } = this.#options;
    this.#stopping.abort();
    await this.#running;
    // From now on the others' shares include these accounts.
    await leaveWorkers(db, worker).catch(() => {});
    for (const entry of this.#entries.values()) this.#giveAway(entry);
    await Promise.all(this.#endings);
  }

  async #every(ms: number, act: () => Promise<void>): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await act().catch((err) =>
        this.#options.log.warn({ err }, 'the accounts could not be read, trying again'),
      );
      await wait(ms, signal).catch(() => {});
    }
  }

  async #renew(): Promise<void> {
    const { db, worker, leaseMs, log } = this.#options;
    const renewing = [...this.#entries.values()];
    const renewingAt = performance.now();
    const names = renewing.map(({ lease }) => lease.account);
    const fences = await renewLeases(db, worker, names, leaseMs);
    for (const entry of renewing) {
      const { account, fence } = entry.lease;
      if (fences.get(account) === fence) {
        entry.lease.renewed(renewingAt);
      } else if (!entry.ending) {
        log.warn({ account }, 'another worker has the account by now');
        this.#giveAway(entry);
      }
    }
  }

  async #look(): Promise<void> {
    // Before the rows are read: what is recorded while they are may not be in them yet.
    const knownRefused = new Set(
      [...this.#entries.values()].filter(({ session }) => session.isKnownRefused()),
    );
    const fleet = await readFleet(this.#options.db);
    for (const entry of this.#entries.values()) {
      const row = fleet.accounts.find(({ name }) => name === entry.lease.account);
      if (!entry.ending) this.#follow(entry, row, knownRefused.has(entry));
    }
    for (const row of fleet.accounts) if (row.isBlockOver) await this.#resume(row);
    // Otherwise this worker has not renewed its leases yet, or not for long, and the others do not count on it.
    if (fleet.liveWorkers.includes(this.#options.worker)) await this.#share(fleet);
  }

  /** The one that has the account notices as when an operator resumes it. */
  async #resume({ name }: AccountRow): Promise<void> {
    if (await resumeAfterBlock(this.#options.db, name))
      this.#options.log.info({ account: name }, "Midjourney's block of the account has ended: it is resumed");
  }

  /** Follows what operators have made of an account that this worker has. */
  #follow(entry: Entry, row: AccountRow | undefined, isKnownRefused: boolean): void {
    entry.session.setOpen(row?.enabled ?? false);
    if (!row || (!row.enabled && entry.session.isIdle())) {
      this.#giveAway(entry);
      return;
    }
    if (isRefused(row.state) && !isKnownRefused)
      entry.session.refuse({ cause: row.cause ?? 'unknown', reason: row.reason ?? '', until: row.until });
    const resumed = isKnownRefused && !isRefused(row.state);
    if (!resumed && settingsOf(row) === entry.settings) return;
    this.#options.log.info(
      { account: row.name },
      resumed ? 'the account was resumed' : 'the account was changed',
    );
    this.#restart(entry, row);
  }

  /** Takes free accounts up to an even share, and gives away what is more. */
  async #share({ accounts, liveWorkers }: Fleet): Promise<void> {
    const { db, worker, leaseMs, open, log } = this.#options;
    const kept = () => [...this.#entries.values()].filter(({ ending }) => ending !== 'given away');
    const isKept = ({ name }: AccountRow) => kept().some(({ lease }) => lease.account === name);
    const wanted = accounts.filter((row) => row.enabled || row.isBusy || isKept(row));
    const openable: { row: AccountRow & { leaseIsFree: boolean }; account: DiscordAccount }[] = [];
    for (const row of wanted) {
      const account = open(row);
      if (!isLocked(account)) openable.push({ row, account });
      else await this.#noteLocked(row, account);
    }
    const share = evenShare(openable.length, liveWorkers, worker);
    for (const entry of kept().slice(share)) this.#giveAway(entry);
    for (const { row, account } of openable) {
      if (kept().length >= share || this.#stopping.signal.aborted) return;
      if (this.#entries.has(row.name) || !row.leaseIsFree) continue;
      const takingAt = performance.now();
      const lease = await takeLease(db, row.name, worker, leaseMs);
      if (!lease) continue;
      log.info({ account: row.name, fence: lease.fence }, 'took the account over');
      if (row.state === 'locked') await recordStanding(db, lease, standingIn('connecting'));
      this.#start(row, account, new OwnLease(lease, leaseMs, takingAt));
    }
  }

  async #noteLocked(
    { name, state, reason, leaseIsFree }: AccountRow & { leaseIsFree: boolean },
    { lockedBecause }: LockedAccount,
  ): Promise<void> {
    if (!leaseIsFree || isRefused(state) || (state === 'locked' && reason === lockedBecause)) return;
    this.#options.log.error({ account: name, reason: lockedBecause }, 'the account cannot be opened');
    await recordLocked(this.#options.db, name, lockedBecause);
  }

  #start(row: AccountRow, account: DiscordAccount, lease: OwnLease): void {
    const session = this.#options.start(account, lease, row);
    session.setOpen(row.enabled);
    const entry: Entry = { lease, settings: settingsOf(row), session };
    this.#entries.set(row.name, entry);
    session.started.catch((err) => {
      if (entry.ending) return;
      this.#options.log.error({ err, account: row.name }, 'the account could not be started, trying again');
      this.#giveAway(entry);
    });
  }

  #restart(entry: Entry, row: AccountRow): void {
    entry.ending = 'restarted';
    this.#ends(async () => {
      await entry.session.stop();
      this.#entries.delete(row.name);
      const account = this.#options.open(row);
      if (this.#stopping.signal.aborted || isLocked(account)) await this.#release(entry.lease);
      else this.#start(row, account, entry.lease);
    });
  }

  #giveAway(entry: Entry): void {
    if (entry.ending) return;
    entry.ending = 'given away';
    this.#ends(async () => {
      await entry.session.stop();
      await this.#release(entry.lease);
      this.#entries.delete(entry.lease.account);
    });
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
        'the lease could not be given up; it ends by itself',
      ),
    );
  }
}

function settingsOf(row: AccountRow): string {
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
