import { type AccountRow, isRefused, type Standing } from '@midjourney-api/shared/accounts/accounts';
import {
  type Fleet,
  type Lease,
  leaveWorkers,
  readFleet,
  recordLocked,
  recordStanding,
  releaseLease,
  renewLeases,
  takeLease,
} from '@midjourney-api/shared/accounts/leases';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import type { DiscordAccount } from '../discord/rest.ts';
import { wait } from '../wait.ts';
import { evenShare } from './even-share.ts';
import { isLocked, type LockedAccount, type OpenAccount } from './open-account.ts';

/** An account that this worker drives. */
export interface DrivenAccount {
  /** Settles when it listens; rejects when it cannot be driven, or is stopped before. */
  started: Promise<void>;
  /** Whether it is refused, and MySQL says so: if it does not any more, an operator has resumed it. */
  isKnownRefused(): boolean;
  /** Whether it has nothing to follow. */
  isIdle(): boolean;
  /** Whether it takes new tasks; what it has at Midjourney is followed to its end either way. */
  setOpen(open: boolean): void;
  stop(): Promise<void>;
}

export interface AccountPoolOptions<D extends DrivenAccount> {
  db: Database;
  /** Tells this worker from others. */
  driver: string;
  /** How long a worker that died still holds its accounts, in milliseconds. */
  leaseMs: number;
  open: OpenAccount;
  /** @param isHeld whether the lease definitely still holds, by this process's own clock */
  drive(account: DiscordAccount, lease: Lease, standing: Standing, isHeld: () => boolean): D;
  log: Logger;
}

interface Held<D> {
  lease: Lease;
  /** What it was started with, to see when that changes. */
  settings: string;
  driven: D;
  /** When the last renewal of its lease began that succeeded: MySQL counts from a later moment. */
  renewedAt: number;
  /** While it is being stopped: it is given away, or starts anew with other settings. */
  ending?: 'given away' | 'started anew';
}

/** How soon after a change by an operator, a death or a shutdown accounts are taken and given away. */
const lookEveryMs = 1_000;

/**
 * The accounts that this worker drives: its even share of those that are enabled, or disabled with tasks at
 * Midjourney that have to be followed to their end, each under a lease. A dead worker's accounts are taken over when its leases end; what it might still send is refused by the fence.
 * Accounts start and stop side by side, and nothing that they wait for keeps the leases from being renewed.
 */
export class AccountPool<D extends DrivenAccount> {
  readonly #options: AccountPoolOptions<D>;
  readonly #held = new Map<string, Held<D>>();
  readonly #endings = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: AccountPoolOptions<D>) {
    this.#options = options;
  }

  /** The accounts that this worker drives now. */
  *driven(): Iterable<D> {
    for (const { driven, ending } of this.#held.values()) if (!ending) yield driven;
  }

  start(): void {
    const { leaseMs } = this.#options;
    // Three tries before a lease ends.
    const renewEveryMs = leaseMs / 4;
    this.#running = Promise.all([
      this.#every(renewEveryMs, () => this.#renew()),
      this.#every(Math.min(lookEveryMs, renewEveryMs), () => this.#look()),
    ]);
  }

  /** Hands every account over at once. */
  async stop(): Promise<void> {
    const { db, driver } = this.#options;
    this.#stopping.abort();
    await this.#running;
    // From now on the others' shares include these accounts.
    await leaveWorkers(db, driver).catch(() => {});
    for (const held of this.#held.values()) this.#giveAway(held);
    await Promise.all(this.#endings);
  }

  async #every(ms: number, act: () => Promise<void>): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await act().catch((err) =>
        this.#options.log.warn({ err }, 'the accounts could not be looked at, trying again'),
      );
      await wait(ms, signal).catch(() => {});
    }
  }

  async #renew(): Promise<void> {
    const { db, driver, leaseMs, log } = this.#options;
    const renewing = [...this.#held.values()];
    const renewingAt = performance.now();
    const fences = await renewLeases(db, driver, leaseMs);
    for (const held of renewing) {
      const { account, fence } = held.lease;
      if (fences.get(account) === fence) {
        held.renewedAt = renewingAt;
      } else if (!held.ending) {
        log.warn({ account }, 'another worker drives the account by now');
        this.#giveAway(held);
      }
    }
  }

  async #look(): Promise<void> {
    // Before the rows are read: what is recorded while they are may not be in them yet.
    const knownRefused = new Set([...this.#held.values()].filter(({ driven }) => driven.isKnownRefused()));
    const fleet = await readFleet(this.#options.db);
    for (const held of this.#held.values()) {
      const row = fleet.accounts.find(({ name }) => name === held.lease.account);
      if (!held.ending) this.#follow(held, row, knownRefused.has(held));
    }
    // Without a place among the workers there is no share: this one has not been renewed yet, or not for long.
    if (fleet.liveWorkers.includes(this.#options.driver)) await this.#share(fleet);
  }

  /** Follows what operators have made of an account that this worker drives. */
  #follow(held: Held<D>, row: AccountRow | undefined, isKnownRefused: boolean): void {
    held.driven.setOpen(row?.enabled ?? false);
    if (!row || (!row.enabled && held.driven.isIdle())) {
      this.#giveAway(held);
      return;
    }
    const resumed = isKnownRefused && !isRefused(row.state);
    if (!resumed && settingsOf(row) === held.settings) return;
    this.#options.log.info(
      { account: row.name },
      resumed ? 'the account was resumed' : 'the account was changed',
    );
    this.#startAnew(held, row);
  }

  /** Takes free accounts up to an even share, and gives away what is more. */
  async #share({ accounts, liveWorkers }: Fleet): Promise<void> {
    const { db, driver, leaseMs, open, log } = this.#options;
    const kept = () => [...this.#held.values()].filter(({ ending }) => ending !== 'given away');
    const isKept = ({ name }: AccountRow) => kept().some(({ lease }) => lease.account === name);
    const wanted = accounts.filter((row) => row.enabled || row.isBusy || isKept(row));
    const drivable: { row: AccountRow & { leaseIsFree: boolean }; account: DiscordAccount }[] = [];
    for (const row of wanted) {
      const account = open(row);
      if (!isLocked(account)) drivable.push({ row, account });
      else await this.#noteLocked(row, account);
    }
    const share = evenShare(drivable.length, liveWorkers, driver);
    for (const held of kept().slice(share)) this.#giveAway(held);
    for (const { row, account } of drivable) {
      if (kept().length >= share || this.#stopping.signal.aborted) return;
      if (this.#held.has(row.name) || !row.leaseIsFree) continue;
      const takingAt = performance.now();
      const lease = await takeLease(db, row.name, driver, leaseMs);
      if (!lease) continue;
      log.info({ account: row.name, fence: lease.fence }, 'driving the account');
      if (row.state === 'locked') await recordStanding(db, lease, { state: 'connecting', reason: null });
      this.#drive(row, account, lease, takingAt);
    }
  }

  async #noteLocked(
    { name, state, reason, leaseIsFree }: AccountRow & { leaseIsFree: boolean },
    { lockedBecause }: LockedAccount,
  ): Promise<void> {
    if (!leaseIsFree || isRefused(state) || (state === 'locked' && reason === lockedBecause)) return;
    this.#options.log.error({ account: name, reason: lockedBecause }, 'the account cannot be driven');
    await recordLocked(this.#options.db, name, lockedBecause);
  }

  #drive(row: AccountRow, account: DiscordAccount, lease: Lease, renewedAt: number): void {
    const { drive, leaseMs } = this.#options;
    // This clock goes on while the process is frozen, so that it notices on waking.
    const isHeld = () => performance.now() < held.renewedAt + leaseMs;
    const driven = drive(account, lease, row, isHeld);
    driven.setOpen(row.enabled);
    const held: Held<D> = { lease, settings: settingsOf(row), driven, renewedAt };
    this.#held.set(row.name, held);
    driven.started.catch((err) => {
      if (held.ending) return;
      this.#options.log.error({ err, account: row.name }, 'the account could not be started, trying again');
      this.#giveAway(held);
    });
  }

  #startAnew(held: Held<D>, row: AccountRow): void {
    held.ending = 'started anew';
    this.#ends(async () => {
      await held.driven.stop();
      this.#held.delete(row.name);
      const account = this.#options.open(row);
      if (this.#stopping.signal.aborted || isLocked(account)) await this.#release(held.lease);
      else this.#drive(row, account, held.lease, held.renewedAt);
    });
  }

  #giveAway(held: Held<D>): void {
    if (held.ending) return;
    held.ending = 'given away';
    this.#ends(async () => {
      await held.driven.stop();
      await this.#release(held.lease);
      this.#held.delete(held.lease.account);
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
  const { guildId, channelId, userToken, botToken, session, concurrency, speed, weight } = row;
  return JSON.stringify([guildId, channelId, userToken, botToken, session, concurrency, speed, weight]);
}
