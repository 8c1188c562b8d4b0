import { and, eq, gt, inArray, isNotNull, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../database/connect.ts';
import { accounts, tasks, workers } from '../database/schema.ts';
import { openStatuses } from '../tasks/statuses.ts';
import type { AccountRow } from './accounts.ts';

/**
 * Which worker has which account, by MySQL's clock, so that the workers' clocks do not matter.
 */

/** A worker's right to have an account for a while. */
export interface Lease {
  account: string;
  worker: string;
  /** Grows with each new lease. Sends carry it, so a worker that has lost the account cannot send. */
  fence: number;
}

/** Another worker has taken the lease: the former one must stop at once. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

const now = sql`utc_timestamp(3)`;
const inMs = (ms: number) => sql`timestampadd(microsecond, ${ms * 1_000}, utc_timestamp(3))`;

/**
 * Takes the account's lease if no worker has it.
 * @returns undefined while another worker has it.
 */
export async function takeLease(
  db: Database,
  account: string,
  worker: string,
  ttlMs: number,
): Promise<Lease | undefined> {
  const [taken] = await db
    .update(accounts)
    .set({ worker, fence: sql`${accounts.fence} + 1`, leaseUntil: inMs(ttlMs) })
    .where(and(eq(accounts.name, account), or(isNull(accounts.leaseUntil), lt(accounts.leaseUntil, now))));
  if (taken.affectedRows === 0) return undefined;
  const [row] = await db
    .select({ fence: accounts.fence, worker: accounts.worker })
    .from(accounts)
    .where(eq(accounts.name, account));
  return row?.worker === worker ? { account, worker, fence: row.fence } : undefined;
}

/**
 * Extends this worker's leases of the named accounts, and records that the worker is alive. Its other leases expire, for
 * example one whose release failed.
 * @returns the fences of the leases that it still has, by account; a missing account was lost.
 */
export async function renewLeases(
  db: Database,
  worker: string,
  names: string[],
  ttlMs: number,
): Promise<Map<string, Lease['fence']>> {
  const aliveUntil = inMs(ttlMs);
  await db.insert(workers).values({ id: worker, aliveUntil }).onDuplicateKeyUpdate({ set: { aliveUntil } });
  if (names.length === 0) return new Map();
  const own = and(eq(accounts.worker, worker), inArray(accounts.name, names));
  await db
    .update(accounts)
    .set({ leaseUntil: inMs(ttlMs) })
    .where(own);
  const renewed = await db.select({ name: accounts.name, fence: accounts.fence }).from(accounts).where(own);
  return new Map(renewed.map(({ name, fence }) => [name, fence]));
}

/** Releases a lease, so that another worker need not wait until it expires. */
export async function releaseLease(db: Database, { account, fence }: Lease): Promise<void> {
  await db
    .update(accounts)
    .set({ leaseUntil: null, worker: null })
    .where(and(eq(accounts.name, account), eq(accounts.fence, fence)));
}

/** Removes a stopping worker, so that the others get its share, and all workers that died. */
export async function leaveWorkers(db: Database, worker: string): Promise<void> {
  await db.delete(workers).where(or(eq(workers.id, worker), lt(workers.aliveUntil, now)));
}

export interface Fleet {
  /**
   * `isBusy`: disabled, but with tasks at Midjourney that a worker must follow to their end. `isBlockOver`: it may
   * resume by itself.
   */
  accounts: (AccountRow & { leaseIsFree: boolean; isBusy: boolean; isBlockOver: boolean })[];
  liveWorkers: string[];
}

export async function readFleet(db: Database): Promise<Fleet> {
  const rows = await db
    .select({
      account: accounts,
      leaseIsFree: sql<number>`${accounts.leaseUntil} is null or ${accounts.leaseUntil} < ${now}`.mapWith(
        Boolean,
      ),
      isPast: sql<number>`coalesce(${accounts.until} < ${now}, false)`.mapWith(Boolean),
    })
    .from(accounts);
  const disabled = rows.flatMap(({ account }) => (account.enabled ? [] : [account.name]));
  const busy = disabled.length === 0 ? new Set() : await accountsWithSentTasks(db, disabled);
  const live = await db.select({ id: workers.id }).from(workers).where(gt(workers.aliveUntil, now));
  return {
    accounts: rows.map(({ account, leaseIsFree, isPast }) => ({
      ...account,
      leaseIsFree,
      isBlockOver: isPast && account.resumeAfterBlock && account.cause === 'blocked',
      isBusy: busy.has(account.name),
    })),
    liveWorkers: live.map(({ id }) => id),
  };
}

async function accountsWithSentTasks(db: Database, names: string[]): Promise<Set<string | null>> {
  const rows = await db
    .selectDistinct({ name: tasks.account })
    .from(tasks)
    .where(and(inArray(tasks.status, openStatuses), inArray(tasks.account, names), isNotNull(tasks.nonce)));
  return new Set(rows.map(({ name }) => name));
}

/**
 * For the statement that allows a send: whether the lease is the newest. It locks the row, so that no other worker takes
 * the lease before the statement is committed; otherwise that worker would not find what this one is about to send.
 */
export function isNewest({ account, fence }: Pick<Lease, 'account' | 'fence'>): SQL {
  return sql`exists (select 1 from ${accounts} where ${accounts.name} = ${account} and ${accounts.fence} = ${fence} lock in share mode)`;
}

/** @throws {LeaseLost} if the lease is not the newest. */
export async function checkLease(
  db: Database | Transaction,
  lease: Pick<Lease, 'account' | 'fence'>,
): Promise<void> {
  const [row] = await db
    .select({ fence: accounts.fence })
    .from(accounts)
    .where(eq(accounts.name, lease.account));
  if (row?.fence !== lease.fence) throw new LeaseLost(`Another worker has the account "${lease.account}".`);
}
