import { type AccountRow, findAccount } from '@midjourney-api/shared/accounts/accounts';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { User } from '@midjourney-api/shared/users/users';
import type { Dependencies } from '../../dependencies.ts';
import { Refusal } from '../refusal.ts';
import type { TaskRequest } from '../requests/task-request.ts';
import { createUserWaitingLimit } from './user-waiting-limit.ts';
import { createWaitingLimit } from './waiting-limit.ts';

/** @throws {Refusal} `queue_full`; `action_unavailable` when the only account that could do it does not. */
type Admit = (user: Pick<User, 'id'>, request: Pick<TaskRequest, 'account'>) => Promise<void>;

/** Lets a task in only where it can wait and will be done. */
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

/** What only one account can do is not accepted when that will not do it. */
async function checkAccount(db: Database, name: string): Promise<void> {
  const objection = objectionToAccount(await findAccount(db, name));
  if (objection) throw new Refusal('action_unavailable', `${objection} Nothing was charged.`);
}

/** Why an account, or one that is gone, will not do what only it can do, as a sentence; undefined where it will. */
export function objectionToAccount(account: Pick<AccountRow, 'enabled'> | undefined): string | undefined {
  if (account?.enabled) return undefined;
  return `The Midjourney account that this belongs to is ${account ? 'disabled' : 'gone'}, and no other can do it: start with a new picture.`;
}
