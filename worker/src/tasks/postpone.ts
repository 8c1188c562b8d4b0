import { accountsToDraw, drawsAtSpeed } from '@midjourney-api/shared/accounts/accounts';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import { isOpen } from '@midjourney-api/shared/tasks/statuses';
import { isTiedToAccount, type Task } from '@midjourney-api/shared/tasks/task';
import type { DiscordAccount } from '../discord/discord-account.ts';
import type { ActiveTask } from './active-task.ts';
import type { Deadlines, LaterRefusal } from './follow-state.ts';
import { retryTime } from './retry-time.ts';
import type { TaskRecord } from './task-record.ts';

/** Midjourney does not take the task now: it waits for its time, and no attempt of its job has failed. */
export class Postponed extends Error {
  override readonly name = 'Postponed';
  /** The task is sent again then, not before. */
  readonly retryAt: Date;
  /** Until when Midjourney takes nothing else of the account either. */
  readonly holdUntil: Date | undefined;

  constructor(retryAt: Date, holdUntil?: Date) {
    super(`The task is sent again at ${retryAt.toISOString()}.`);
    this.retryAt = retryAt;
    this.holdUntil = holdUntil;
  }
}

export interface PostponeContext {
  db: Database;
  record: Pick<TaskRecord, 'change'>;
  deadlines: Deadlines;
  log: Logger;
}

/**
 * Makes the task wait until Midjourney may take it, unless that would be too late or the task has ended.
 * @throws {Postponed} when it waits.
 */
export async function postpone(
  { task, nonce }: Pick<ActiveTask, 'task' | 'nonce'>,
  { reason, scope, until }: Pick<LaterRefusal, 'reason' | 'scope' | 'until'>,
  account: Pick<DiscordAccount, 'name'>,
  { db, record, deadlines, log }: PostponeContext,
): Promise<void> {
  const { postponedAt } = task;
  const later = retryTime({ until, postponedAt, patienceMs: deadlines.totalMs }, new Date());
  if (!later) return;
  const isQueueFull = scope === 'queue';
  // Another account need not be idle while this one takes nothing.
  const retryAt = isQueueFull && (await othersDraw(db, account, task)) ? new Date() : later;
  const why = `Midjourney does not take it now: ${reason}`.slice(0, 500);
  const changed = await record.change(task, { type: 'postponed', nonce, reason: why, retryAt });
  if (!isOpen(changed.task)) return;
  log.info(
    { task: task.id, reason, retryAt },
    'Midjourney does not take the task now; it is sent again later',
  );
  // Where nothing changed, another worker has sent it by now, and follows it.
  throw new Postponed(changed.task.retryAt ?? new Date(), isQueueFull ? later : undefined);
}

/** Whether an account other than this one may take the task. */
async function othersDraw(
  db: Database,
  own: Pick<DiscordAccount, 'name'>,
  task: Pick<Task, 'action' | 'speed'>,
): Promise<boolean> {
  if (isTiedToAccount(task)) return false;
  const others = await accountsToDraw(db).catch(() => []);
  return others.some(({ name, speed }) => name !== own.name && drawsAtSpeed({ speed }, task.speed));
}
