import { isRefused } from '@midjourney-api/shared/accounts/account-states';
import type { AccountRow } from '@midjourney-api/shared/accounts/accounts';
import { type Fleet, leaveWorkers, readFleet, takeLease } from '@midjourney-api/shared/accounts/leases';
import {
  recordLocked,
  recordStanding,
  resumeAfterBlock,
  standingIn,
} from '@midjourney-api/shared/accounts/standing';
import type { DiscordAccount } from '../../discord/discord-account.ts';
import { wait } from '../../wait.ts';
import { evenShare } from './even-share.ts';
import { isLocked, type LockedAccount } from './open-account.ts';
import { type OwnAccount, OwnAccounts, type OwnAccountsOptions, settingsOf } from './own-accounts.ts';
import { OwnLease } from './own-lease.ts';

/** How soon after a change by an operator, a death or a shutdown accounts are taken and given away. */
const lookEveryMs = 1_000;

/**
 * Decides which accounts this worker has: its even share of those that are enabled, or disabled with tasks at
 * Midjourney that have to be followed to their end. A dead worker's accounts are taken over when its leases end; what
 * it might still send is refused by the fence. Nothing that accounts wait for keeps the leases from being renewed.
 */
export class AccountPool {
  readonly #options: OwnAccountsOptions;
  readonly #own: OwnAccounts;
  readonly #stopping = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: OwnAccountsOptions) {
    this.#options = options;
    this.#own = new OwnAccounts(options, this.#stopping.signal);
  }

  start(): void {
    const { leaseMs } = this.#options;
    // Three attempts before a lease ends.
    const renewEveryMs = leaseMs / 4;
    this.#running = Promise.all([
      this.#every(renewEveryMs, () => this.#own.renewLeases()),
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
    await this.#own.giveAllAway();
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

  async #look(): Promise<void> {
    // Before the rows are read: they may lack what is recorded in the meantime.
    const knownRefused = new Set(this.#own.all().filter(({ session }) => session.isKnownRefused()));
    const fleet = await readFleet(this.#options.db);
    for (const own of this.#own.all()) {
      const row = fleet.accounts.find(({ name }) => name === own.lease.account);
      if (!own.ending) this.#follow(own, row, knownRefused.has(own));
    }
    for (const row of fleet.accounts) if (row.isBlockOver) await this.#resume(row);
    // Otherwise this worker has not renewed its leases for too long, or not yet, and the others do not count it.
    if (fleet.liveWorkers.includes(this.#options.worker)) await this.#share(fleet);
  }

  /** The worker that has the account notices, as it does when an operator resumes it. */
  async #resume({ name }: AccountRow): Promise<void> {
    if (await resumeAfterBlock(this.#options.db, name))
      this.#options.log.info({ account: name }, "Midjourney's block of the account has ended: it is resumed");
  }

  /** Follows what operators have made of an account that this worker has. */
  #follow(own: OwnAccount, row: AccountRow | undefined, isKnownRefused: boolean): void {
    own.session.setOpen(row?.enabled ?? false);
    if (!row || (!row.enabled && own.session.isIdle())) {
      this.#own.giveAway(own);
      return;
    }
    if (isRefused(row.state) && !isKnownRefused)
      own.session.refuse({ cause: row.cause ?? 'unknown', reason: row.reason ?? '', until: row.until });
    const resumed = isKnownRefused && !isRefused(row.state);
    if (!resumed && settingsOf(row) === own.settings) return;
    this.#options.log.info(
      { account: row.name },
      resumed ? 'the account was resumed' : 'the account was changed',
    );
    this.#own.restart(own, row);
  }

  /** Takes free accounts up to an even share, and gives away what is more. */
  async #share({ accounts, liveWorkers }: Fleet): Promise<void> {
    const { db, worker, leaseMs, open, log } = this.#options;
    const isKept = ({ name }: AccountRow) => this.#own.kept().some(({ lease }) => lease.account === name);
    const wanted = accounts.filter((row) => row.enabled || row.isBusy || isKept(row));
    const openable: { row: AccountRow & { leaseIsFree: boolean }; account: DiscordAccount }[] = [];
    for (const row of wanted) {
      const account = open(row);
      if (!isLocked(account)) openable.push({ row, account });
      else await this.#noteLocked(row, account);
    }
    const share = evenShare(openable.length, liveWorkers, worker);
    for (const own of this.#own.kept().slice(share)) this.#own.giveAway(own);
    for (const { row, account } of openable) {
      if (this.#own.kept().length >= share || this.#stopping.signal.aborted) return;
      if (this.#own.has(row.name) || !row.leaseIsFree) continue;
      const takingAt = performance.now();
      const lease = await takeLease(db, row.name, worker, leaseMs);
      if (!lease) continue;
      log.info({ account: row.name, fence: lease.fence }, 'took the account over');
      if (row.state === 'locked') await recordStanding(db, lease, standingIn('connecting'));
      this.#own.start(row, account, new OwnLease(lease, leaseMs, takingAt));
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
}
