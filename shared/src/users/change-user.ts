import { eq } from 'drizzle-orm';
import type { Executor } from '../database/connect.ts';
import { users } from '../database/schema.ts';
import { createAppKey, hashAppKey, hintOfAppKey } from './app-key.ts';
import type { Dialect } from './dialect.ts';
import { getUser, type Role, type User, UserError } from './users.ts';

/** Replaces a user's key at once. @returns the new key, which can never be shown again. */
export async function rotateAppKey(db: Executor, userName: string): Promise<{ user: User; appKey: string }> {
  const user = await getUser(db, userName);
  const appKey = createAppKey();
  const appKeyHint = hintOfAppKey(appKey);
  await db
    .update(users)
    .set({ appKey: hashAppKey(appKey), appKeyHint, updatedAt: new Date() })
    .where(eq(users.id, user.id));
  return { user: { ...user, appKeyHint }, appKey };
}

/** Sets a user's share of the accounts. @throws {UserError} for anything but 1 to 60. */
export async function setUserPriority(db: Executor, userName: string, priority: number): Promise<User> {
  if (!Number.isInteger(priority) || priority < 1 || priority > 60) {
    throw new UserError('A priority is a whole number from 1 (ordinary) to 60.');
  }
  const user = await getUser(db, userName);
  await db.update(users).set({ priority, updatedAt: new Date() }).where(eq(users.id, user.id));
  return { ...user, priority };
}

/** Makes the user an operator, or an ordinary user again. */
export async function setUserRole(db: Executor, userName: string, role: Role): Promise<User> {
  const user = await getUser(db, userName);
  await db.update(users).set({ role, updatedAt: new Date() }).where(eq(users.id, user.id));
  return { ...user, role };
}

/** Sets the dialect of the user's key. Every process uses it within half a second. */
export async function setUserDialect(db: Executor, userName: string, dialect: Dialect): Promise<User> {
  const user = await getUser(db, userName);
  await db.update(users).set({ dialect, updatedAt: new Date() }).where(eq(users.id, user.id));
  return { ...user, dialect };
}

/** Disables or enables a user. A disabled user's key is refused; their tasks continue. */
export async function setUserDisabled(db: Executor, userName: string, disabled: boolean): Promise<User> {
  const user = await getUser(db, userName);
  const disabledAt = disabled ? new Date() : null;
  await db.update(users).set({ disabledAt, updatedAt: new Date() }).where(eq(users.id, user.id));
  return { ...user, disabledAt };
}
