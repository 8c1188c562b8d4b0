import { and, eq, inArray, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Database, Executor } from '../database/connect.ts';
import { accounts } from '../database/schema.ts';
import { type AccountState, refusedStates } from './account-states.ts';
import { type AccountRow, getAccount } from './accounts.ts';
import type { Lease } from './leases.ts';
import { type AccountRefusal, stateFor } from './refusal-causes.ts';
import { recordStateNotice } from './state-notices.ts';

/** An account's standing, as operators and the api read it. */
export type Standing = Pick<AccountRow, 'state' | 'reason' | 'cause' | 'until' | 'checkLink'>;

/** A standing with the time since when it holds, by MySQL's clock. */
export type RecordedStanding = Standing & Pick<AccountRow, 'since'>;

/** The standing of an account that is not refused. */
export function standingIn(state: AccountState, reason: string | null = null): Standing {
  return { state, reason, cause: null, until: null, checkLink: null };
}

export function refusedStanding({ cause, reason, until }: AccountRefusal): Standing {
  return { state: stateFor(cause), reason, cause, until, checkLink: null };
}

const now = sql`utc_timestamp(3)`;

/** Changes an account's standing if the condition holds. @returns whether it did. */
async function change(db: Executor, condition: SQL | undefined, standing: Standing): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [before] = await tx.select().from(accounts).where(condition).for('update');
    if (!before) return false;
    const name = eq(accounts.name, before.name);
    await tx
      .update(accounts)
      .set({ ...standing, ...(before.state !== standing.state && { since: now }) })
      .where(name);
    await recordStateNotice(tx, before, { ...before, ...standing });
    return true;
  });
}

/** Records the account's standing if the lease is still the newest. */
export async function recordStanding(
  db: Database,
  { account, fence }: Pick<Lease, 'account' | 'fence'>,
  standing: Standing,
): Promise<void> {
  await change(db, and(eq(accounts.name, account), eq(accounts.fence, fence)), standing);
}

/** Records that this worker cannot open an account that no worker has. A refusal stays recorded. */
export async function recordLocked(db: Database, account: string, reason: string): Promise<void> {
  const isFree = or(isNull(accounts.leaseUntil), lt(accounts.leaseUntil, now));
  const isNotRefused = inArray(accounts.state, ['connecting', 'ready', 'locked']);
  await change(db, and(eq(accounts.name, account), isFree, isNotRefused), standingIn('locked', reason));
}

/** Records a refusal seen by a worker that does not have the account; the one that has it notices within a second. */
export async function recordRefusal(db: Database, account: string, refusal: AccountRefusal): Promise<void> {
  const isNotRefused = inArray(accounts.state, ['connecting', 'ready']);
  await change(db, and(eq(accounts.name, account), isNotRefused), refusedStanding(refusal));
}

/**
 * Lets a refused account try again; its worker notices within seconds.
 * @throws {AccountError} if there is no such account.
 */
export async function resumeAccount(db: Executor, name: string): Promise<void> {
  await getAccount(db, name);
  const isRefused = inArray(accounts.state, refusedStates);
  await change(db, and(eq(accounts.name, name), isRefused), standingIn('connecting'));
}

/**
 * Resumes an account whose block has ended, if its operator allows that.
 * @returns whether it did: another worker may have been faster.
 */
export async function resumeAfterBlock(db: Database, name: string): Promise<boolean> {
  const isOver = and(
    accounts.resumeAfterBlock,
    eq(accounts.state, 'refused'),
    eq(accounts.cause, 'blocked'),
    lt(accounts.until, now),
  );
  return change(db, and(eq(accounts.name, name), isOver), standingIn('connecting'));
}
