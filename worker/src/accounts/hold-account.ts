import {
  getStanding,
  isRefused,
  type Lease,
  LeaseLost,
  releaseLease,
  renewLease,
  type Standing,
  takeLease,
} from '@midjourney-api/shared/accounts/accounts';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logger';
import { wait } from '../wait.ts';

export interface HeldAccount {
  /** Whether it is refused, and MySQL says so: if it does not any more, an operator has resumed it. */
  isKnownRefused(): boolean;
  stop(): Promise<void>;
}

export interface HoldAccountOptions {
  db: Database;
  account: string;
  /** Tells this process from others. */
  driver: string;
  /** How long a worker that died still holds the account, in milliseconds. */
  leaseMs: number;
  /** Starts driving; called again after the lease was lost or the operator resumed the account. */
  drive(lease: Lease, standing: Standing): Promise<HeldAccount>;
  log: Logger;
}

/**
 * Drives the account whenever no other worker does, and only then. A dead worker's account is taken over when
 * its lease ends; what that worker might still send is refused by the fence.
 * @returns a function that hands the account over at once.
 */
export function holdAccount({
  db,
  account,
  driver,
  leaseMs,
  drive,
  log,
}: HoldAccountOptions): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  // Three tries before the lease ends; others ask as often, so that it is taken over soon after.
  const every = leaseMs / 4;

  async function hold(lease: Lease): Promise<void> {
    let held = await drive(lease, await getStanding(db, account));
    try {
      for (;;) {
        await wait(every, signal);
        const resumed = await renew(lease, held);
        if (!resumed) continue;
        log.info('the account was resumed');
        await held.stop();
        held = await drive(lease, resumed);
      }
    } finally {
      await held.stop();
    }
  }

  /** @returns how the account stands when an operator has resumed it. */
  async function renew(lease: Lease, held: HeldAccount): Promise<Standing | undefined> {
    try {
      await renewLease(db, lease, leaseMs);
      if (!held.isKnownRefused()) return undefined;
      const standing = await getStanding(db, account);
      return isRefused(standing.state) ? undefined : standing;
    } catch (err) {
      if (err instanceof LeaseLost) throw err;
      log.warn({ err }, 'the lease could not be renewed, trying again');
      return undefined;
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        const lease = await takeLease(db, account, driver, leaseMs);
        if (lease) {
          log.info({ fence: lease.fence }, 'driving the account');
          await hold(lease).finally(() => signal.aborted && releaseLease(db, lease));
        }
      } catch (err) {
        if (!signal.aborted) log.warn({ err }, 'not driving the account now');
      }
      await wait(every, signal).catch(() => {});
    }
  }

  const running = run();
  return async () => {
    stopping.abort();
    await running;
  };
}
