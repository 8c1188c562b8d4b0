import { and, eq, inArray, sql } from 'drizzle-orm';
import { type Database, databaseErrorCode } from '../database/connect.ts';
import { tasks, users } from '../database/schema.ts';
import { inRounds } from '../in-rounds.ts';
import { remembered } from '../remembered.ts';
import { isOpen, taskStatuses } from '../tasks/task.ts';
import { recordReset } from '../tokens/ledger.ts';
import { createAppKey, hashAppKey, hintOfAppKey, isSameHash } from './app-key.ts';

export interface User {
  id: number;
  userName: string;
  appKeyHint: string | null;
  role: 'user' | 'operator';
  tokenTotal: number;
  tokenUse: number;
  /** Turns that the user gets for one of an ordinary user while both wait. */
  priority: number;
  disabledAt: Date | null;
  createdAt: Date | null;
}

/** A request about users that cannot be carried out; its message says why in one line. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

const openStatuses = taskStatuses.filter((status) => isOpen({ status }));

const columns = {
  id: users.id,
  userName: users.userName,
  appKeyHint: users.appKeyHint,
  role: users.role,
  tokenTotal: sql<number>`coalesce(${users.tokenTotal}, 0)`.mapWith(Number),
  tokenUse: sql<number>`coalesce(${users.tokenUse}, 0)`.mapWith(Number),
  priority: users.priority,
  disabledAt: users.disabledAt,
  createdAt: users.createdAt,
};

/** @returns the user and the key, which can never be shown again. @throws {UserError} when the name is taken. */
export async function createUser(
  db: Database,
  wanted: { userName: string; tokenTotal: number; role?: 'user' | 'operator' },
): Promise<{ user: User; appKey: string }> {
  const userName = wanted.userName.trim();
  if (!/^[\p{L}\p{N}._@-]{1,64}$/u.test(userName)) {
    throw new UserError('A user name has 1 to 64 letters, digits, dots, dashes, underscores or @.');
  }
  checkTokenTotal(wanted.tokenTotal);
  const appKey = createAppKey();
  const now = new Date();
  try {
    await db.insert(users).values({
      userName,
      appKey: hashAppKey(appKey),
      appKeyHint: hintOfAppKey(appKey),
      role: wanted.role ?? 'user',
      tokenTotal: wanted.tokenTotal,
      tokenUse: 0,
      createdAt: now,
      updatedAt: now,
    });
  } catch (error) {
    if (databaseErrorCode(error) === 'ER_DUP_ENTRY')
      throw new UserError(`There is a user "${userName}" already.`);
    throw error;
  }
  return { user: await getUserByName(db, userName), appKey };
}

/**
 * The users who have the keys with these hashes; disabled ones too. MySQL compares as its collation does, which may
 * take different texts for equal, and stops at the first difference: so what it found is compared again, in constant
 * time.
 */
async function findUsersByKeyHash(db: Database, hashes: string[]): Promise<(User | undefined)[]> {
  const rows = await db
    .select({ ...columns, hash: users.appKey })
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
 * Looks users up by the hashes of their keys, as `findUserByAppKey` does; look-ups that come together are one query.
 * Whom it found, or that it found nobody, it remembers for half a second: a key that is replaced and a user who is
 * disabled are refused by every process within that time, whatever they ask for.
 */
export function createUserLookUp(db: Database): (keyHash: string) => Promise<User | undefined> {
  const lookUp = inRounds((hashes: string[]) => findUsersByKeyHash(db, hashes));
  return remembered(lookUp, { ms: 500 });
}

/** @throws {UserError} when no user has this key. */
export async function getUserByAppKey(db: Database, appKey: string): Promise<User> {
  const user = await findUserByAppKey(db, appKey);
  if (!user) throw new UserError('No user has this key.');
  return user;
}

/** @throws {UserError} when there is no such user. */
export async function getUserByName(db: Database, userName: string): Promise<User> {
  const [user] = await db.select(columns).from(users).where(eq(users.userName, userName));
  if (!user) throw new UserError(`There is no user "${userName}"; "list" shows all.`);
  return user;
}

export async function listUsers(db: Database): Promise<User[]> {
  return db.select(columns).from(users).orderBy(users.id);
}

/** @throws {UserError} for an unknown key or a total that is no count. */
export async function updateTokenTotal(db: Database, appKey: string, tokenTotal: number): Promise<User> {
  checkTokenTotal(tokenTotal);
  const user = await getUserByAppKey(db, appKey);
  await db.update(users).set({ tokenTotal, updatedAt: new Date() }).where(eq(users.id, user.id));
  return { ...user, tokenTotal };
}

/**
 * Starts a user's count anew: what succeeded so far is forgotten, open tasks keep their reserved token.
 * Locks the user before the tasks, as every change that returns a token does, so the two cannot deadlock.
 */
export async function resetTokenUse(db: Database, appKey: string): Promise<User> {
  const user = await getUserByAppKey(db, appKey);
  await db.transaction(async (tx) => {
    const [locked] = await tx
      .select({ tokenUse: users.tokenUse })
      .from(users)
      .where(eq(users.id, user.id))
      .for('update');
    // Nothing opens while the user is locked. Found first and then locked by their ids: a search that locks takes
    // the index before the task, and a change of the task the other way round.
    const found = await tx
      .select({ id: tasks.id })
      .from(tasks)
      .where(and(eq(tasks.userId, user.id), inArray(tasks.status, openStatuses)));
    const candidates = await tx
      .select({ status: tasks.status })
      .from(tasks)
      .where(
        inArray(
          tasks.id,
          found.map(({ id }) => id),
        ),
      )
      .orderBy(tasks.id)
      .for('update');
    const open = candidates.filter(isOpen);
    await tx.update(users).set({ tokenUse: open.length, updatedAt: new Date() }).where(eq(users.id, user.id));
    await recordReset(tx, user.id, open.length - (locked?.tokenUse ?? 0));
  });
  return getUserByName(db, user.userName);
}

/** Replaces a user's key at once. @returns the new key, which can never be shown again. */
export async function rotateAppKey(db: Database, userName: string): Promise<{ user: User; appKey: string }> {
  const user = await getUserByName(db, userName);
  const appKey = createAppKey();
  const appKeyHint = hintOfAppKey(appKey);
  await db
    .update(users)
    .set({ appKey: hashAppKey(appKey), appKeyHint, updatedAt: new Date() })
    .where(eq(users.id, user.id));
  return { user: { ...user, appKeyHint }, appKey };
}

/** Lets a user's tasks come sooner, or not any more. @throws {UserError} for anything but 1 to 60. */
export async function setUserPriority(db: Database, userName: string, priority: number): Promise<User> {
  if (!Number.isInteger(priority) || priority < 1 || priority > 60) {
    throw new UserError('A priority is a whole number from 1 (ordinary) to 60.');
  }
  const user = await getUserByName(db, userName);
  await db.update(users).set({ priority, updatedAt: new Date() }).where(eq(users.id, user.id));
  return { ...user, priority };
}

/** A disabled user's key is refused; their tasks go on. */
export async function setUserDisabled(db: Database, userName: string, disabled: boolean): Promise<User> {
  const user = await getUserByName(db, userName);
  const disabledAt = disabled ? new Date() : null;
  await db.update(users).set({ disabledAt, updatedAt: new Date() }).where(eq(users.id, user.id));
  return { ...user, disabledAt };
}

function checkTokenTotal(tokenTotal: number): void {
  if (!Number.isInteger(tokenTotal) || tokenTotal < 0 || tokenTotal > 2_147_483_647) {
    throw new UserError('The number of tokens must be a whole number from 0 to 2147483647.');
  }
}
