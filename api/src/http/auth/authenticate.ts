import type { Logger } from '@midjourney-api/shared/logging/logger';
import { hashAppKey } from '@midjourney-api/shared/users/app-key';
import type { User } from '@midjourney-api/shared/users/users';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import type { RequestLimits } from '../limits/request-limits.ts';

export interface AuthDependencies {
  /** The user whose key has this hash. */
  findUser(keyHash: string): Promise<User | undefined>;
  log: Logger;
  limits: RequestLimits;
}

export type Authenticated = { user: User } | { refused: 'unknown' | 'disabled'; user?: User };

/**
 * Finds the user who has the key, within what one address may try. A disabled user and a
 * replaced key are refused by every process within half a second.
 * @throws {Refusal} 429 after too many wrong keys, or too many requests.
 */
export async function authenticate(
  c: Context<AppEnv>,
  appKey: string,
  { findUser, limits }: Pick<AuthDependencies, 'findUser' | 'limits'>,
): Promise<Authenticated> {
  const keyHash = hashAppKey(appKey);
  await limits.beforeLookUp(c, keyHash);
  const user = await findUser(keyHash);
  if (!user || user.disabledAt) {
    await limits.countFailure(c, keyHash);
    return user ? { refused: 'disabled', user } : { refused: 'unknown' };
  }
  c.set('user', user);
  await limits.countRequest(c, { user, keyHash });
  return { user };
}
