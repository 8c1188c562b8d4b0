import { type AccountRow, isRefused, type Standing } from '@midjourney-api/shared/accounts/accounts';
import {
  type Fleet,
  type Lease,
  leaveWorkers,
  readFleet,
  releaseLease,
  renewLeases,
  takeLease,
} from '@midjourney-api/shared/accounts/leases';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logger';
import type { DiscordAccount } from '../discord/rest.ts';
import { wait } from '../wait.ts';
import type { OpenAccount } from './open-account.ts';

/** An account that this worker drives. */
export interface DrivenAccount {
  /** Whether it is refused, and MySQL says so: if it does not any more, an operator has resumed it. */
  isKnownRefused(): boolean;
  stop(): Promise<void>;
}

export interface AccountPoolOptions<D extends DrivenAccount> {
  db: Database;
  /** Tells this worker from others. */
  driver: string;
  /** How long a worker that died still holds its accounts, in milliseconds. */
  leaseMs: number;
  open: OpenAccount;
  /** @param isHeld whether the lease surely still holds, by this process's own clock */
  drive(account: DiscordAccount, lease: Lease, standing: Standing, isHeld: () => boolean): Promise<D>;
  log: Logger;
}

interface Held<D> {
  lease: Lease;
  /** What it was started with, to see when that changes. */
  settings: string;
  driven: D;
}

/**
 * The accounts that this worker drives: its even share of those that are enabled, each under a lease. A dead
 * worker's accounts are taken over when its leases end; what it might still send is refused by the fence.
 */
export class AccountPool<D extends DrivenAccount> {
  readonly #options: AccountPoolOptions<D>;
  readonly #held = new Map<string, Held<D>>();
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #standings: Standing[] = [];
  /** When the last renewal began that succeeded: MySQL counts the leases from a later moment. */
  #renewedAt = Number.NEGATIVE_INFINITY;

  constructor(options: AccountPoolOptions<D>) {
    this.#options = options;
  }

  /** The accounts that this worker drives now. */
  *driven(): Iterable<D> {
    for (const { driven } of this.#held.values()) yield driven;
  }

  /** Why no enabled account at all can draw; undefined while one can. */
  get allRefusedBecause(): string | undefined {
    if (this.#standings.length === 0 || !this.#standings.every(({ state }) => isRefused(state)))
      return undefined;
    return this.#standings[0]?.reason ?? 'It is refused.';
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Hands every account over at once. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await Promise.all([...this.#held.keys()].map((name) => this.#release(name)));
    await leaveWorkers(this.#options.db, this.#options.driver).catch(() => {});
  }

  async #run(): Promise<void> {
    const { leaseMs, log } = this.#options;
    const { signal } = this.#stopping;
    // Three tries before a lease ends; others look as often, so that an account is taken over soon after.
    const every = leaseMs / 4;
    while (!signal.aborted) {
      await this.#look().catch((err) =>
        log.warn({ err }, 'the accounts could not be looked at, trying again'),
      );
      await wait(every, signal).catch(() => {});
    }
  }

  async #look(): Promise<void> {
    const { db, driver, leaseMs } = this.#options;
    const renewingAt = performance.now();
    await renewLeases(db, driver, leaseMs);
    this.#renewedAt = renewingAt;
    const fleet = await readFleet(db);
    this.#standings = fleet.accounts.filter(({ enabled }) => enabled);
    for (const [name, held] of [...this.#held]) {
      await this.#keep(
        name,
        held,
        fleet.accounts.find((row) => row.name === name),
      );
    }
    await this.#share(fleet);
  }

  /** Follows what has become of an account that this worker drives. */
  async #keep(name: string, held: Held<D>, row: AccountRow | undefined): Promise<void> {
    const { driver, log } = this.#options;
    if (row?.driver !== driver || row.fence !== held.lease.fence) {
      log.warn({ account: name }, 'another worker drives the account by now');
      this.#held.delete(name);
      return held.driven.stop();
    }
    if (!row.enabled) return this.#release(name);
    const resumed = held.driven.isKnownRefused() && !isRefused(row.state);
    if (!resumed && settingsOf(row) === held.settings) return;
    log.info({ account: name }, resumed ? 'the account was resumed' : 'the account was changed');
    await held.driven.stop();
    this.#held.delete(name);
    await this.#drive(row, held.lease);
  }

  /** Takes free accounts up to an even share, and gives away what is more. */
  async #share({ accounts, liveWorkers }: Fleet): Promise<void> {
    const { db, driver, leaseMs, open, log } = this.#options;
    const drivable = accounts.filter((row) => row.enabled && open(row) !== undefined);
    const share = Math.ceil(drivable.length / liveWorkers);
    for (const name of [...this.#held.keys()].slice(share)) await this.#release(name);
    for (const row of drivable) {
      if (this.#held.size >= share || this.#stopping.signal.aborted) return;
      if (this.#held.has(row.name) || !row.leaseIsFree) continue;
      const lease = await takeLease(db, row.name, driver, leaseMs);
      if (!lease) continue;
      log.info({ account: row.name, fence: lease.fence }, 'driving the account');
      await this.#drive(row, lease);
    }
  }

  async #drive(row: AccountRow, lease: Lease): Promise<void> {
    const account = this.#options.open(row);
    if (!account) return;
    // A lease just taken is as old as the look that found it free, or younger. This clock goes on while the process
    // is frozen, so that it notices on waking.
    const isHeld = () => performance.now() < this.#renewedAt + this.#options.leaseMs;
    const driven = await this.#options.drive(account, lease, row, isHeld);
    this.#held.set(row.name, { lease, settings: settingsOf(row), driven });
  }

  async #release(name: string): Promise<void> {
    const held = this.#held.get(name);
    if (!held) return;
    this.#held.delete(name);
    await held.driven.stop();
    await releaseLease(this.#options.db, held.lease).catch((err) =>
      this.#options.log.warn({ err, account: name }, 'the lease could not be given up; it ends by itself'),
    );
  }
}

function settingsOf(row: AccountRow): string {
  const { guildId, channelId, userToken, botToken, session, concurrency, speed, weight } = row;
  return JSON.stringify([guildId, channelId, userToken, botToken, session, concurrency, speed, weight]);
}
