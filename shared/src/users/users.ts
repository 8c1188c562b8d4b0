import { and, eq, inArray, sql } from 'drizzle-orm';
import { cached } from '../concurrency/cached.ts';
import { inRounds } from '../concurrency/in-rounds.ts';
import { type Database, databaseErrorCode, type Executor } from '../database/connect.ts';
import { idempotencyKeys, notices, tasks, uploads, users, windows } from '../database/schema.ts';
import { openStatuses } from '../tasks/statuses.ts';
import { type ByHand, recordGrant } from '../tokens/ledger.ts';
import { createAppKey, hashAppKey, hintOfAppKey, isSameHash, withoutAppKeys } from './app-key.ts';
import type { Dialect } from './dialect.ts';

export const roles = ['user', 'operator'] as const;
export type Role = (typeof roles)[number];

export interface User {
  id: number;
  userName: string;
  appKeyHint: string | null;
  role: Role;
  dialect: Dialect;
  tokenTotal: number;
  tokenUse: number;
  /** How many of the user's jobs are taken for one of an ordinary user, while both wait. */
  priority: number;
  disabledAt: Date | null;
  createdAt: Date | null;
}

/** An operation on a user that is not possible; the message says why in one line. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** The columns of a `User`. */
export const userColumns = {
  id: users.id,
  userName: users.userName,
  appKeyHint: users.appKeyHint,
  role: users.role,
  dialect: users.dialect,
  tokenTotal: sql<number>`coalesce(${users.tokenTotal}, 0)`.mapWith(Number),
  tokenUse: sql<number>`coalesce(${users.tokenUse}, 0)`.mapWith(Number),
  priority: users.priority,
  disabledAt: users.disabledAt,
  createdAt: users.createdAt,
};

/** @returns the user and the key, which can never be shown again. @throws {UserError} if the name is taken. */
export async function createUser(
  db: Executor,
  wanted: { userName: string; tokenTotal: number; role?: Role; dialect?: Dialect },
  by?: ByHand,
): Promise<{ user: User; appKey: string }> {
  const userName = wanted.userName.trim();
  if (!/^[\p{L}\p{N}._@-]{1,64}$/u.test(userName)) {
    throw new UserError('A user name has 1 to 64 letters, digits, dots, dashes, underscores or @.');
  }
  checkTokenTotal(wanted.tokenTotal);
  const appKey = createAppKey();
  const now = new Date();
  try {
    await db.transaction(async (tx) => {
      await tx.insert(users).values({
        userName,
        appKey: hashAppKey(appKey),
        appKeyHint: hintOfAppKey(appKey),
        role: wanted.role ?? 'user',
        dialect: wanted.dialect ?? 'v1',
        tokenTotal: wanted.tokenTotal,
        tokenUse: 0,
        createdAt: now,
        updatedAt: now,
      });
      const { id } = await getUser(tx, userName);
      if (wanted.tokenTotal > 0) await recordGrant(tx, id, wanted.tokenTotal, by);
    });
  } catch (error) {
    if (databaseErrorCode(error) === 'ER_DUP_ENTRY')
      throw new UserError(`There is a user "${userName}" already.`);
    throw error;
  }
  return { user: await getUser(db, userName), appKey };
}

/**
 * The users with these key hashes, including disabled ones. MySQL compares by its collation, which may treat different
 * texts as equal, and stops at the first difference. So what it found is compared again, in constant time.
 */
async function findUsersByKeyHash(db: Executor, hashes: string[]): Promise<(User | undefined)[]> {
  const rows = await db
    .select({ ...userColumns, hash: users.appKey })
    .from(users)
    .where(inArray(users.appKey, [...new Set(hashes)]));
  const found = new Map(rows.map(({ hash, ...user }) => [hash, { hash, user }]));
  return hashes.map((hash) => {
    const match = found.get(hash);
    return match && isSameHash(match.hash, hash) ? match.user : undefined;
  });
}

export async function findUserByAppKey(db: Database, appKey: string): Promise<User | undefined> {
  const [user] = await findUsersByKeyHash(db, [hashAppKey(appKey)]);
  return user;
}

/**
 * Looks users up by the hashes of their keys; concurrent look-ups share one query. The result, even if there is no such
 * user, is cached for half a second: within that time, every process refuses a replaced key or a disabled user.
 */
export function createUserLookUp(db: Database): (keyHash: string) => Promise<User | undefined> {
  const lookUp = inRounds((hashes: string[]) => findUsersByKeyHash(db, hashes));
  return cached(lookUp, { ms: 500 });
}

/** The user with this name or key. @throws {UserError} if there is none; the message does not repeat the key. */
export async function getUser(db: Executor, nameOrKey: string): Promise<User> {
  const [named] = await db.select(userColumns).from(users).where(eq(users.userName, nameOrKey));
  const [user] = named ? [named] : await findUsersByKeyHash(db, [hashAppKey(nameOrKey)]);
  if (!user) {
    throw new UserError(
      `There is no user "${withoutAppKeys(nameOrKey)}", by name or by key; "list" shows all.`,
    );
  }
  return user;
}

export async function listUsers(db: Database): Promise<User[]> {
  return db.select(userColumns).from(users).orderBy(users.id);
}

/**
 * Deletes a user with their key, uploads and waiting notices. Tasks, pictures and the ledger stay.
 * @throws {UserError} for an unknown user, and while tasks are open, because nobody could read their results.
 */
export async function deleteUser(db: Executor, userName: string): Promise<User> {
  const { id } = await getUser(db, userName);
  return db.transaction(async (tx) => {
    // Locked as by a submit, so that no task opens.
    const [user] = await tx.select(userColumns).from(users).where(eq(users.id, id)).for('update');
    if (!user) throw new UserError(`The user "${userName}" has just been deleted.`);
    await checkNothingOpen(tx, user);
    await tx.delete(notices).where(and(eq(notices.userId, id), eq(notices.state, 'waiting')));
    await tx.delete(idempotencyKeys).where(eq(idempotencyKeys.userId, id));
    await tx.delete(uploads).where(eq(uploads.userId, id));
    await tx.delete(windows).where(eq(windows.userId, id));
    await tx.delete(users).where(eq(users.id, id));
    return user;
  });
}

/** @throws {UserError} while tasks of the user are open. */
export async function checkNothingOpen(
  db: Executor,
  { id, userName }: Pick<User, 'id' | 'userName'>,
): Promise<void> {
  const [open] = await db
    .select({ count: sql<number>`count(*)`.mapWith(Number) })
    .from(tasks)
    .where(and(eq(tasks.userId, id), inArray(tasks.status, openStatuses)));
  if (open && open.count > 0) {
    throw new UserError(
      `The user "${userName}" has ${open.count} open tasks: wait for them, or release them with "npm run tasks -- release --user ${userName}".`,
    );
  }
}

/** @throws {UserError} for an invalid total of tokens. */
export function checkTokenTotal(tokenTotal: number): void {
  if (!Number.isInteger(tokenTotal) || tokenTotal < 0 || tokenTotal > 2_147_483_647) {
    throw new UserError('The number of tokens must be a whole number from 0 to 2147483647.');
  }
}
