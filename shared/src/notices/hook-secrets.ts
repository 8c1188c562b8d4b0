import { randomBytes } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import type { Executor } from '../database/connect.ts';
import { withoutQueryValues } from '../database/query-error.ts';
import { users } from '../database/schema.ts';

/** How long a replaced secret still signs beside the new one, so that receivers can switch. */
const overlapMs = 24 * 60 * 60 * 1_000;

/**
 * The secrets that sign the notices to a user's hooks, current one first. Creates one if there is none yet.
 * @throws if there is no such user.
 */
export async function hookSecrets(
  db: Executor,
  userId: number,
  now = new Date(),
): Promise<[string, ...string[]]> {
  const read = async () => {
    const [user] = await db
      .select({
        current: users.hookSecret,
        former: users.formerHookSecret,
        rotatedAt: users.hookSecretRotatedAt,
      })
      .from(users)
      .where(eq(users.id, userId));
    return user;
  };

  let found = await read();
  if (found?.current === null) {
    await storeSecret(db, and(eq(users.id, userId), isNull(users.hookSecret)), { hookSecret: newSecret() });
    // Another process may have been first.
    found = await read();
  }
  if (!found?.current) throw new Error(`There is no user ${userId} to sign for.`);
  const { current, former, rotatedAt } = found;
  const formerSigns =
    former !== null && rotatedAt !== null && now.getTime() - rotatedAt.getTime() < overlapMs;
  return formerSigns ? [current, former] : [current];
}

/** Replaces the secret. For 24 hours both sign. @returns the new one. */
export async function rotateHookSecret(db: Executor, userId: number, now = new Date()): Promise<string> {
  const [former] = await hookSecrets(db, userId, now);
  const hookSecret = newSecret();
  await storeSecret(db, and(eq(users.id, userId), eq(users.hookSecret, former)), {
    hookSecret,
    formerHookSecret: former,
    hookSecretRotatedAt: now,
  });
  const [current] = await hookSecrets(db, userId, now);
  return current;
}

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme */
function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** The error of a failed query contains its values, which are secrets here, so it must not leave this function. */
async function storeSecret(
  db: Executor,
  where: ReturnType<typeof and>,
  values: Partial<Pick<typeof users.$inferInsert, 'hookSecret' | 'formerHookSecret' | 'hookSecretRotatedAt'>>,
): Promise<void> {
  try {
    await db.update(users).set(values).where(where);
  } catch (error) {
    throw withoutQueryValues(error);
  }
}
