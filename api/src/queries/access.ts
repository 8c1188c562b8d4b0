import type { Database } from '@midjourney-api/shared/database/connect';
import { getUser, type User, UserError } from '@midjourney-api/shared/users/users';
import { Refusal } from '../../commands/refusal.ts';

/** @throws {Refusal} 403 for anybody else. */
export function requireOperator({ role }: Pick<User, 'role'>): void {
  if (role !== 'operator') throw new Refusal('forbidden', 'This is for operators only.');
}

/**
 * Whose things to show: the caller's own, to an operator those of the user they name, or everybody's.
 * @returns undefined for everybody.
 * @throws {Refusal} 403 for somebody else's, 404 for a user that there is not.
 */
export async function userToShow(
  db: Database,
  caller: User,
  userName: string | undefined,
): Promise<number | undefined> {
  if (caller.role !== 'operator') {
    if (userName !== undefined && userName !== caller.userName) requireOperator(caller);
    return caller.id;
  }
  if (userName === undefined) return undefined;
  const user = await getUser(db, userName).catch((error) => {
    if (error instanceof UserError) throw new Refusal('not_found', error.message);
    throw error;
  });
  return user.id;
}
