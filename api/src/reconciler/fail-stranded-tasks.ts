import { isRefused } from '@midjourney-api/shared/accounts/account-states';
import { accounts, tasks } from '@midjourney-api/shared/database/schema';
import { changeTask } from '@midjourney-api/shared/tasks/change-task';
import { and, eq, isNotNull, isNull, lt } from 'drizzle-orm';
import type { Dependencies } from '../dependencies.ts';

/**
 * Follow-ups can run on their parent's account only. They wait for it while it is away, refused, disabled or
 * gone, but not for ever: then they fail, and their tokens come back.
 * @returns how many failed.
 */
export async function failStrandedTasks(
  deps: Pick<Dependencies, 'config' | 'db' | 'changes' | 'queues' | 'taskEnded' | 'log'>,
  now: Date,
): Promise<number> {
  const { config, db, log } = deps;
  const patience = new Date(now.getTime() - config.ACCOUNT_WAIT_MS);
  const waiting = await db
    .select({ id: tasks.id, name: tasks.account, account: accounts })
    .from(tasks)
    .leftJoin(accounts, eq(accounts.name, tasks.account))
    .where(
      and(
        eq(tasks.status, 'queued'),
        isNotNull(tasks.account),
        isNull(tasks.nonce),
        lt(tasks.createdAt, patience),
      ),
    )
    .orderBy(tasks.id)
    .limit(1_000);

  let failed = 0;
  for (const { id, name, account } of waiting) {
    const why = whyStranded(account, patience, now);
    if (why === undefined) continue;
    const reason = `The picture that this task continues is on the account "${name}", which ${why}.`;
    const changed = await changeTask(deps, id, { type: 'failed', code: 'account_unavailable', reason }, now);
    if (changed?.applied) failed += 1;
  }
  if (failed > 0) log.warn({ count: failed }, 'tasks failed that waited too long for their account');
  return failed;
}

/** @returns undefined for an account that draws, or has not been out for long. */
function whyStranded(
  account: typeof accounts.$inferSelect | null,
  patience: Date,
  now: Date,
): string | undefined {
  if (!account) return 'no longer exists';
  if (!account.enabled) return 'is disabled';
  const hasWorker = account.leaseUntil !== null && account.leaseUntil > now;
  if (isRefused(account.state)) return account.since < patience ? 'is refused' : undefined;
  if (hasWorker && account.state === 'ready') return undefined;
  const since = hasWorker ? account.since : (account.leaseUntil ?? account.since);
  return since < patience ? 'is out of reach' : undefined;
}
