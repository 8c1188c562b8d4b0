import type { Database } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logger';
import { findUserByAppKey, type User } from '@midjourney-api/shared/users/users';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import type { RequestLimits } from '../limits/request-limits.ts';

export interface AuthDependencies {
  db: Database;
  log: Logger;
  limits: RequestLimits;
}

export type Authenticated = { user: User } | { refused: 'unknown' | 'disabled'; user?: User };

/**
 * Finds the user who has the key, within what one address may try. Asks MySQL each time, so that a disabled
 * user and a replaced key are refused by every process at once.
 * @throws {Problem} 429 after too many wrong keys, or too many requests.
 */
export async function authenticate(
  c: Context<AppEnv>,
  appKey: string,
  { db, limits }: Pick<AuthDependencies, 'db' | 'limits'>,
): Promise<Authenticated> {
  await limits.beforeLookUp(c, appKey);
  const user = await findUserByAppKey(db, appKey);
  if (!user || user.disabledAt) {
    await limits.countFailure(c, appKey);
    return user ? { refused: 'disabled', user } : { refused: 'unknown' };
  }
  c.set('user', user);
  await limits.countRequest(c, { user, appKey });
  return { user };
}
