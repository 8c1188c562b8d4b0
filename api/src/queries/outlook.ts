import { isRefused } from '@midjourney-api/shared/accounts/account-states';
import { cached } from '@midjourney-api/shared/concurrency/cached';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { Refusal } from '../commands/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import { withTimeLimit } from '../time-limit.ts';
import {
  type AccountNow,
  accountsFor,
  draws,
  pausedUntil,
  readAccounts,
  reasonToWait,
} from './account-for-task.ts';

type Wanted = Pick<Task, 'account' | 'speed'>;

/** What awaits a task that is submitted now, as it was seen within the last second. */
export interface Outlook {
  /** @throws {Refusal} `no_account` when no account will draw it until an operator has done something. */
  requireAccount(wanted: Wanted): Promise<void>;
  /** Counts an accepted task. @returns how many are before it; 0 when it is sent at once. */
  tasksBefore(accepted: Wanted): Promise<number>;
}

/** How long what was seen of accounts and queues is used. */
const seenForMs = 1_000;

export function createOutlook({ db, queues, clock }: Pick<Dependencies, 'db' | 'queues' | 'clock'>): Outlook {
  const look = cached(
    async () => ({
      accounts: await readAccounts(db),
      // Follow-ups come first; so only other new drawings are before a new drawing.
      drawings: await countWaiting(queues.everyDrawings),
      acceptedSince: 0,
    }),
    { ms: seenForMs },
  );

  return {
    async requireAccount(wanted) {
      const { accounts } = await look('all');
      const able = accountsFor(wanted, accounts);
      if (able.some(mayDrawSoon)) return;
      const why = reasonToWait(wanted, accounts, clock()) ?? 'No Midjourney account can draw this.';
      throw new Refusal('no_account', `${why} Nothing was charged.`);
    },

    async tasksBefore(accepted) {
      const seen = await look('all');
      const before = seen.acceptedSince + (accepted.account === null ? seen.drawings : 0);
      seen.acceptedSince += 1;
      const able = accountsFor(accepted, seen.accounts).filter(
        (account) => draws(account, clock()) && !pausedUntil(account, clock()),
      );
      const free = able.reduce((sum, { concurrency, active }) => sum + Math.max(0, concurrency - active), 0);
      return Math.max(0, before - free + 1);
    },
  };
}

/** One that is being connected, or that no worker has at the moment, will be back. */
function mayDrawSoon({ enabled, state }: AccountNow): boolean {
  return enabled && !isRefused(state) && state !== 'locked';
}

/** 0 while Redis is unreachable. */
async function countWaiting(drawings: Dependencies['queues']['everyDrawings']): Promise<number> {
  const counts = await withTimeLimit(
    Promise.all(drawings.map((queue) => queue.getJobCountByTypes('waiting', 'prioritized'))),
    1_000,
  ).catch(() => []);
  return counts.reduce((sum, count) => sum + count, 0);
}
