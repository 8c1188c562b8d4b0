import { and, eq, isNull, lt, or, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../database/connect.ts';
import { accounts } from '../database/schema.ts';

/**
 * - `connecting`: no session yet, or it broke and is being opened again
 * - `ready`: draws
 * - `refused`, `verification_required`: Discord or Midjourney refuses it until a person has mended what the
 *   reason says and resumed the account
 */
export const accountStates = ['connecting', 'ready', 'refused', 'verification_required'] as const;
export type AccountState = (typeof accountStates)[number];

export interface Account {
  name: string;
  state: AccountState;
  reason: string | null;
  since: Date;
  /** The worker that drives it, as long as its lease lasts. */
  driver: string | null;
}

/** A worker's right to drive an account for a while. */
export interface Lease {
  account: string;
  driver: string;
  /** Grows with each new lease. What is sent for the account carries it, so that a former driver cannot send. */
  fence: number;
}

/** The lease is somebody else's by now: whoever held it has to stop at once. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

const inMs = (ms: number) => sql`timestampadd(microsecond, ${ms * 1_000}, utc_timestamp(3))`;

/**
 * Takes the account's lease when nobody holds it. The clock is MySQL's, so that those of the workers do not matter.
 * @returns undefined while another worker holds it.
 */
export async function takeLease(
  db: Database,
  account: string,
  driver: string,
  ttlMs: number,
): Promise<Lease | undefined> {
  await db.insert(accounts).ignore().values({ name: account, since: new Date() });
  const free = or(isNull(accounts.leaseUntil), lt(accounts.leaseUntil, sql`utc_timestamp(3)`));
  const [taken] = await db
    .update(accounts)
    .set({ driver, fence: sql`${accounts.fence} + 1`, leaseUntil: inMs(ttlMs) })
    .where(and(eq(accounts.name, account), free));
  if (taken.affectedRows === 0) return undefined;
  const [row] = await db
    .select({ fence: accounts.fence, driver: accounts.driver })
    .from(accounts)
    .where(eq(accounts.name, account));
  return row?.driver === driver ? { account, driver, fence: row.fence } : undefined;
}

/**
 * Holds the lease for longer.
 * @throws {LeaseLost} when another worker has it by now.
 */
export async function renewLease(db: Database, lease: Lease, ttlMs: number): Promise<void> {
  const [renewed] = await db
    .update(accounts)
    .set({ leaseUntil: inMs(ttlMs) })
    .where(and(eq(accounts.name, lease.account), eq(accounts.fence, lease.fence)));
  if (renewed.affectedRows === 0)
    throw new LeaseLost(`Another worker drives the account "${lease.account}".`);
}

/** Gives the lease up, so that another worker need not wait for its end. */
export async function releaseLease(db: Database, lease: Lease): Promise<void> {
  await db
    .update(accounts)
    .set({ leaseUntil: null, driver: null })
    .where(and(eq(accounts.name, lease.account), eq(accounts.fence, lease.fence)));
}

/** Called in the transaction that allows a send. @throws {LeaseLost} when the lease is not the newest. */
export async function checkFence(tx: Transaction, lease: Pick<Lease, 'account' | 'fence'>): Promise<void> {
  const [row] = await tx
    .select({ fence: accounts.fence })
    .from(accounts)
    .where(eq(accounts.name, lease.account))
    .for('update');
  if (row?.fence !== lease.fence)
    throw new LeaseLost(`Another worker drives the account "${lease.account}".`);
}

/** Makes known how the account stands, while the lease is the newest. */
export async function recordState(db: Database, lease: Lease, { state, reason }: Standing): Promise<void> {
  await db
    .update(accounts)
    .set({ state, reason, since: new Date() })
    .where(and(eq(accounts.name, lease.account), eq(accounts.fence, lease.fence)));
}

export interface Standing {
  state: AccountState;
  reason: string | null;
}

export async function getStanding(db: Database, account: string): Promise<Standing> {
  const [row] = await db
    .select({ state: accounts.state, reason: accounts.reason })
    .from(accounts)
    .where(eq(accounts.name, account));
  return row ?? { state: 'connecting', reason: null };
}

/** Whether the account has to stay out until an operator resumes it. */
export function isRefused(state: AccountState): boolean {
  return state === 'refused' || state === 'verification_required';
}

/** Lets a refused account try again; its worker notices within seconds. @returns false when there is no such account. */
export async function resumeAccount(db: Database, account: string): Promise<boolean> {
  const [resumed] = await db
    .update(accounts)
    .set({ state: 'connecting', reason: null, since: new Date() })
    .where(eq(accounts.name, account));
  return resumed.affectedRows > 0;
}

export async function listAccounts(db: Database): Promise<Account[]> {
  return db
    .select({
      name: accounts.name,
      state: accounts.state,
      reason: accounts.reason,
      since: accounts.since,
      driver: sql<string | null>`if(${accounts.leaseUntil} > utc_timestamp(3), ${accounts.driver}, null)`,
    })
    .from(accounts)
    .orderBy(accounts.name);
}
