import { and, eq, gt, inArray, isNotNull, sql } from 'drizzle-orm';
import { type Database, databaseErrorCode, type Executor } from '../database/connect.ts';
import { accounts, tasks } from '../database/schema.ts';
import { openStatuses } from '../tasks/statuses.ts';
import type { Speed } from '../tasks/task.ts';
import { firstTaskId } from '../tasks/task-id.ts';
import type { AccountState } from './account-states.ts';
import { defaultPacing, type Pacing } from './pacing/pacing.ts';
import { adviceFor, type RefusalCause } from './refusal-causes.ts';
import { recordStateNotice, shownState } from './state-notices.ts';

/** The name of the account that the DISCORD_* variables configure. */
export const environmentAccount = 'default';

export type AccountRow = typeof accounts.$inferSelect;

/** What an operator sets for an account; everything else has a default. Tokens are sealed. */
export type AccountSettings = Pick<
  typeof accounts.$inferInsert,
  | 'guildId'
  | 'channelId'
  | 'userToken'
  | 'botToken'
  | 'session'
  | 'concurrency'
  | 'speed'
  | 'weight'
  | 'proxy'
  | 'proxyShown'
  | 'resumeAfterBlock'
  | 'pacing'
>;

/** An account as operators see it, without its tokens. */
export interface ShownAccount {
  name: string;
  guild_id: string | null;
  channel_id: string | null;
  session: 'bot' | 'user';
  concurrency: number;
  speed: Speed | null;
  weight: number;
  enabled: boolean;
  /** Without its credentials. */
  proxy: string | null;
  pacing: Pacing;
  /** Whether it resumes by itself after a block with a known end. */
  resume_after_block: boolean;
  state: AccountState | 'disabled';
  /** Of a refused account. */
  cause: RefusalCause | null;
  /** Why it is refused; or, if it is ready, why it draws nothing new. */
  reason: string | null;
  /** What a person has to do. */
  advice: string | null;
  /** When that ends, if known. */
  until: string | null;
  /** Where a person can answer Midjourney's human check, for a short while. */
  check_link: string | null;
  since: string;
  /** The worker that has it. */
  driver: string | null;
  in_flight: number;
  drawn_today: number;
}

/** An operation on an account that is not possible; the message says why in one line. */
export class AccountError extends Error {
  override readonly name = 'AccountError';
}

/** @throws {AccountError} if the name is taken or invalid. */
export async function addAccount(db: Executor, name: string, settings: AccountSettings): Promise<void> {
  if (!/^[a-z0-9][a-z0-9_-]{0,40}$/.test(name)) {
    throw new AccountError('An account name has 1 to 41 lower-case letters, digits, dashes or underscores.');
  }
  try {
    await db.insert(accounts).values({ name, ...settings, since: new Date() });
  } catch (error) {
    if (databaseErrorCode(error) === 'ER_DUP_ENTRY')
      throw new AccountError(`There is an account "${name}" already.`);
    throw error;
  }
}

/** Stores the account of the environment; its tokens stay in the environment. */
export async function rememberEnvironmentAccount(
  db: Database,
  name: string,
  settings: Pick<AccountSettings, 'guildId' | 'channelId' | 'session' | 'concurrency'>,
): Promise<void> {
  await db
    .insert(accounts)
    .values({ name, ...settings, since: new Date() })
    .onDuplicateKeyUpdate({ set: settings });
}

/** @throws {AccountError} when there is no such account. */
export async function changeAccount(
  db: Executor,
  name: string,
  change: Partial<AccountSettings & Pick<AccountRow, 'enabled'>>,
): Promise<void> {
  await db.transaction(async (tx) => {
    const before = await getAccount(tx, name);
    if (Object.keys(change).length === 0) return;
    await tx.update(accounts).set(change).where(eq(accounts.name, name));
    await recordStateNotice(tx, before, { ...before, enabled: change.enabled ?? before.enabled });
  });
}

/** @throws {AccountError} if there is no such account, or it has open tasks, which would never end. */
export async function removeAccount(db: Executor, name: string): Promise<void> {
  await getAccount(db, name);
  const [open] = await db
    .select({ count: sql<number>`count(*)`.mapWith(Number) })
    .from(tasks)
    .where(and(inArray(tasks.status, openStatuses), eq(tasks.account, name)));
  if (open && open.count > 0) {
    throw new AccountError(
      `The account "${name}" has ${open.count} open tasks: disable it and wait, or release them.`,
    );
  }
  await db.delete(accounts).where(eq(accounts.name, name));
}

/** @throws {AccountError} when there is no such account. */
export async function getAccount(db: Executor, name: string): Promise<AccountRow> {
  const row = await findAccount(db, name);
  if (!row) throw new AccountError(`There is no account "${name}"; "list" shows all.`);
  return row;
}

/** Stores whether remix mode is on, as the `/settings` menu showed it. */
export async function rememberRemix(db: Executor, name: string, remix: boolean | null): Promise<void> {
  if (remix !== null) await db.update(accounts).set({ remix }).where(eq(accounts.name, name));
}

export async function findAccount(db: Executor, name: string): Promise<AccountRow | undefined> {
  const [row] = await db.select().from(accounts).where(eq(accounts.name, name));
  return row;
}

/** Whether an account may draw at the wanted speed; null: at any. */
export function drawsAtSpeed({ speed }: Pick<AccountRow, 'speed'>, wanted: Speed | null): boolean {
  return !wanted || !speed || speed === wanted;
}

/** Counts the accounts whose tokens are in MySQL. */
export async function countSealedAccounts(db: Database): Promise<number> {
  return db.$count(accounts, isNotNull(accounts.userToken));
}

/** The accounts that can draw now, with the speed of each. */
export async function accountsToDraw(db: Database): Promise<Pick<AccountRow, 'name' | 'speed'>[]> {
  return db
    .select({ name: accounts.name, speed: accounts.speed })
    .from(accounts)
    .where(and(accounts.enabled, eq(accounts.state, 'ready')));
}

export async function accountNames(db: Database): Promise<string[]> {
  const rows = await db.select({ name: accounts.name }).from(accounts).orderBy(accounts.name);
  return rows.map(({ name }) => name);
}

/** The state of every account. Cheap, because every scrape of the metrics calls it. */
export async function listStandings(
  db: Database,
  now = new Date(),
): Promise<(Pick<ShownAccount, 'name' | 'state' | 'driver'> & Pick<AccountRow, 'until'>)[]> {
  const rows = await db.select().from(accounts).orderBy(accounts.name);
  return rows.map((row) => ({ name: row.name, ...standingOf(row, now), until: row.until }));
}

export function standingOf(row: AccountRow, now: Date): Pick<ShownAccount, 'state' | 'driver'> {
  return {
    state: shownState(row),
    driver: row.leaseUntil && row.leaseUntil > now ? row.worker : null,
  };
}

/** Every account with its state and its current work. */
export async function listAccounts(db: Database, now = new Date()): Promise<ShownAccount[]> {
  const midnight = new Date(now.toISOString().slice(0, 10));
  const count = sql<number>`count(*)`.mapWith(Number);
  const rows = await db.select().from(accounts).orderBy(accounts.name);
  const inFlight = await db
    .select({ account: tasks.account, count })
    .from(tasks)
    .where(and(inArray(tasks.status, openStatuses), isNotNull(tasks.nonce)))
    .groupBy(tasks.account);
  const drawn = await db
    .select({ account: tasks.account, count })
    .from(tasks)
    .where(and(eq(tasks.status, 'succeeded'), gt(tasks.id, firstTaskId(midnight))))
    .groupBy(tasks.account);
  const countOf = (counts: typeof drawn, name: string) =>
    counts.find(({ account }) => account === name)?.count ?? 0;
  return rows.map((row) => ({
    name: row.name,
    guild_id: row.guildId,
    channel_id: row.channelId,
    session: row.session,
    concurrency: row.concurrency,
    speed: row.speed,
    weight: row.weight,
    enabled: row.enabled,
    proxy: row.proxyShown,
    pacing: { ...defaultPacing, ...row.pacing },
    resume_after_block: row.resumeAfterBlock,
    ...standingOf(row, now),
    cause: row.cause,
    reason: row.reason,
    advice: row.cause && adviceFor(row.cause),
    until: row.until?.toISOString() ?? null,
    check_link: row.checkLink,
    since: row.since.toISOString(),
    in_flight: countOf(inFlight, row.name),
    drawn_today: countOf(drawn, row.name),
  }));
}
