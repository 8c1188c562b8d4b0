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
 * Finds the user who has the key. One address may try a few wrong keys only. A disabled user and a replaced key are
 * refused by every process within half a second.
 * @throws {Refusal} 429 after too many wrong keys, or too many requests.
 */
export function authenticate(
  c: Context<AppEnv>,
  appKey: string,
  auth: Pick<AuthDependencies, 'findUser' | 'limits'>,
): Promise<Authenticated> {
  return authenticateAny(c, [appKey], auth);
}

/** The same with several keys, of which the first that is a user's counts. Wrong ones beside it are not counted. */
export async function authenticateAny(
  c: Context<AppEnv>,
  appKeys: string[],
  { findUser, limits }: Pick<AuthDependencies, 'findUser' | 'limits'>,
): Promise<Authenticated> {
  const refused: { keyHash: string; user: User | undefined }[] = [];
  for (const keyHash of await limits.beforeLookUp(c, appKeys.map(hashAppKey))) {
    const user = await findUser(keyHash);
    if (user && !user.disabledAt) {
      c.set('user', user);
      await limits.countRequest(c, { user, keyHash });
      return { user };
    }
    refused.push({ keyHash, user });
  }
  for (const { keyHash } of refused) await limits.countFailure(c, keyHash);
  const disabled = refused.find(({ user }) => user)?.user;
  return disabled ? { refused: 'disabled', user: disabled } : { refused: 'unknown' };
}
