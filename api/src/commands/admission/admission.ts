import { type AccountRow, findAccount } from '@midjourney-api/shared/accounts/accounts';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { User } from '@midjourney-api/shared/users/users';
import type { Dependencies } from '../../dependencies.ts';
import { Refusal } from '../refusal.ts';
import type { TaskRequest } from '../requests/task-request.ts';
import { createUserWaitingLimit } from './user-waiting-limit.ts';
import { createWaitingLimit } from './waiting-limit.ts';

/** @throws {Refusal} `queue_full`; `action_unavailable` when the only account that could do it is disabled or gone. */
type Admit = (user: Pick<User, 'id'>, request: Pick<TaskRequest, 'account'>) => Promise<void>;

/** Accepts a task only where there is room for it and an account that will do it. */
export function createAdmission({
  config,
  db,
  queues,
}: Pick<Dependencies, 'config' | 'db' | 'queues'>): Admit {
  const waiting = createWaitingLimit(queues.everyDrawings, config.WAITING_LIMIT);
  const waitingOfUser = createUserWaitingLimit(db, config.WAITING_LIMIT_PER_USER);

  return async function admit(user, { account }) {
    if ((await waiting.isReached()) || (await waitingOfUser.isReached(user.id))) {
      throw new Refusal(
        'queue_full',
        'Too many tasks are waiting. Nothing was charged; try again in a moment.',
        { retryAfter: 10 },
      );
    }
    if (account) await checkAccount(db, account);
  };
}

/** Refuses a task that only this account can do, while the account is disabled or gone. */
async function checkAccount(db: Database, name: string): Promise<void> {
  const objection = objectionToAccount(await findAccount(db, name));
  if (objection) throw new Refusal('action_unavailable', `${objection} Nothing was charged.`);
}

/**
 * Why an account will not do what only it can do, as a sentence; undefined where it will.
 * @param account undefined when it is gone
 */
export function objectionToAccount(account: Pick<AccountRow, 'enabled'> | undefined): string | undefined {
  if (account?.enabled) return undefined;
  return `The Midjourney account that this belongs to is ${account ? 'disabled' : 'gone'}, and no other can do it: start with a new picture.`;
}
