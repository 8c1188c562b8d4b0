import { isRefused } from '@midjourney-api/shared/accounts/account-states';
import { type AccountRow, drawsAtSpeed } from '@midjourney-api/shared/accounts/accounts';
import type { Database } from '@midjourney-api/shared/database/connect';
import { accounts, tasks } from '@midjourney-api/shared/database/schema';
import { openStatuses } from '@midjourney-api/shared/tasks/statuses';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { and, count, inArray, isNotNull } from 'drizzle-orm';

/** What matters about an account to the tasks that wait for it. */
export type AccountNow = Pick<
  AccountRow,
  'name' | 'enabled' | 'state' | 'reason' | 'until' | 'speed' | 'concurrency' | 'leaseUntil'
> & { active: number };

type WaitingTask = Pick<Task, 'account' | 'speed'>;

/** Every account with how many tasks it has at Midjourney. */
export async function readAccounts(db: Database): Promise<AccountNow[]> {
  const { name, enabled, state, reason, until, speed, concurrency, leaseUntil } = accounts;
  const rows = await db
    .select({ name, enabled, state, reason, until, speed, concurrency, leaseUntil })
    .from(accounts);
  const sent = await db
    .select({ account: tasks.account, count: count() })
    .from(tasks)
    .where(and(inArray(tasks.status, openStatuses), isNotNull(tasks.nonce)))
    .groupBy(tasks.account);
  return rows.map((row) => ({
    ...row,
    active: sent.find(({ account }) => account === row.name)?.count ?? 0,
  }));
}

/** The accounts that may draw the task: its own, or all that draw at its speed. */
export function accountsFor(task: WaitingTask, all: AccountNow[]): AccountNow[] {
  return all.filter((account) =>
    task.account === null ? drawsAtSpeed(account, task.speed) : account.name === task.account,
  );
}

function byEnd(a: AccountNow, b: AccountNow): number {
  return (a.until?.getTime() ?? 0) - (b.until?.getTime() ?? 0);
}

/** Whether it draws now, or will when it has a free slot. */
export function draws({ enabled, state, leaseUntil }: AccountNow, now: Date): boolean {
  return enabled && state === 'ready' && leaseUntil !== null && leaseUntil > now;
}

/** Until when its pace keeps the account from drawing something new; undefined while it does not. */
export function pausedUntil({ state, until }: AccountNow, now: Date): Date | undefined {
  return state === 'ready' && until !== null && until > now ? until : undefined;
}

/** @returns why the task waits, for its client; undefined when only its position says so. */
export function reasonToWait(task: WaitingTask, all: AccountNow[], now: Date): string | undefined {
  const able = accountsFor(task, all);
  const subject =
    task.account === null
      ? 'Every Midjourney account that could draw this'
      : 'The Midjourney account that has to draw this';
  const drawing = able.filter((account) => draws(account, now));
  const working = drawing.filter((account) => !pausedUntil(account, now));
  if (working.some(({ active, concurrency }) => active < concurrency)) return undefined;
  const [paused] = drawing.filter((account) => pausedUntil(account, now)).sort(byEnd);
  if (paused && working.length === 0)
    return `${subject} pauses until ${paused.until?.toISOString()}: ${paused.reason}`;
  if (drawing.length > 0) return `${subject} is drawing as many as it may at once.`;
  if (able.length === 0) return 'There is no Midjourney account that could draw this.';
  const enabled = able.filter((account) => account.enabled);
  if (enabled.length === 0) return `${subject} is disabled by its operator.`;
  if (enabled.every(({ state }) => isRefused(state) || state === 'locked'))
    return `${subject} is out of service until its operator has seen to it.`;
  return `${subject} is being connected.`;
}
