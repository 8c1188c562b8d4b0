import {
  type Lease,
  LeaseLost,
  releaseLease,
  renewLease,
  takeLease,
} from '@midjourney-api/shared/accounts/accounts';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logger';
import { wait } from '../wait.ts';

export interface HeldAccount {
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
  drive(lease: Lease): Promise<HeldAccount>;
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
    let held = await drive(lease);
    try {
      let refused = false;
      for (;;) {
        await wait(every, signal);
        const state = await renewLease(db, lease, leaseMs).catch((err) => {
          if (err instanceof LeaseLost) throw err;
          log.warn({ err, account }, 'the lease could not be renewed, trying again');
          return undefined;
        });
        const wasRefused = refused;
        if (state) refused = state === 'refused' || state === 'verification_required';
        if (!wasRefused || refused) continue;
        log.info({ account }, 'the account was resumed');
        await held.stop();
        held = await drive(lease);
      }
    } finally {
      await held.stop();
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        const lease = await takeLease(db, account, driver, leaseMs);
        if (lease) {
          log.info({ account, fence: lease.fence }, 'driving the account');
          await hold(lease).finally(() => signal.aborted && releaseLease(db, lease));
        }
      } catch (err) {
        if (!signal.aborted) log.warn({ err, account }, 'not driving the account now');
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
