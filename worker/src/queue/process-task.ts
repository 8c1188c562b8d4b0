import { LeaseLost } from '@midjourney-api/shared/accounts/leases';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import { catalogue, readJob, type TaskJob } from '@midjourney-api/shared/queues/catalogue';
import type { Queues } from '@midjourney-api/shared/queues/queues';
import { findTask } from '@midjourney-api/shared/tasks/find-tasks';
import { isOpen } from '@midjourney-api/shared/tasks/statuses';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { workOf } from '@midjourney-api/shared/tasks/work';
import { DelayedError, type Job, UnrecoverableError, WaitingError } from 'bullmq';
import type { Slot } from '../accounts/permits/slots.ts';
import type { Sessions } from '../accounts/pool/sessions.ts';
import type { AccountSession } from '../accounts/session/account-session.ts';
import { SessionStopped } from '../accounts/session/session-stopped.ts';
import { AccountRefused } from '../discord/rest/account-refused.ts';
import { untilMySqlIsBack } from '../mysql-outage.ts';
import type { Delivery } from '../results/delivery.ts';
import { failureEvent } from '../results/result-event-of.ts';
import { Postponed } from '../tasks/postpone.ts';
import { NotSent } from '../tasks/send.ts';
import { giveBack } from './give-back.ts';

export interface ProcessTaskContext {
  db: Database;
  queues: Queues;
  sessions: Sessions;
  delivery: Delivery;
  log: Logger;
  /** Aborted when the worker stops. */
  stopping: AbortSignal;
}

/** The account for a task's job, with the slot there that a new drawing has taken. */
export interface ChosenAccount {
  session: AccountSession;
  slot?: Slot;
}

/** What people see of a job whose task succeeded. */
export interface TaskJobResult {
  account: string | null;
  message: string | null;
}

/**
 * The processor of a task's job. The job ends as its task does, once that is committed; it goes back to
 * its queue when this worker stops or its account may not send; it waits for its time when the task is postponed; it
 * is tried again later when the task definitely was not sent; and when its attempts are used up the task fails.
 * @throws {UnrecoverableError} when the task has failed, with why, or the job's data are not valid: there is nothing to
 * try again.
 */
export async function processTask(
  job: Job<TaskJob>,
  token: string | undefined,
  context: ProcessTaskContext,
  chosen: ChosenAccount,
): Promise<TaskJobResult | undefined> {
  await carryOut(job, token, context, chosen);
  const { db, stopping, log } = context;
  const task = await untilMySqlIsBack(() => findTask(db, job.data.taskId), stopping, log).catch((error) => {
    // The task has ended, whatever its job says of it.
    if (stopping.aborted) return undefined;
    throw error;
  });
  if (task?.status === 'failed') {
    const { failCode, failReason, failDetail } = task;
    throw new UnrecoverableError(`${failCode}: ${failDetail ?? failReason}`);
  }
  return task?.status === 'succeeded' ? { account: task.account, message: task.messageId } : undefined;
}

async function carryOut(
  job: Job<TaskJob>,
  token: string | undefined,
  context: ProcessTaskContext,
  chosen: ChosenAccount,
): Promise<void> {
  const { db, queues, sessions, delivery, log, stopping } = context;
  let unusedSlot = chosen.slot;
  try {
    queues.taskTaken(job).catch((err) => log.debug({ err }, 'could not record that a job was taken'));
    const { taskId, user } = readJob(catalogue.task, job);
    const task = await untilMySqlIsBack(() => findTask(db, taskId), stopping, log);
    if (!task || !isOpen(task)) return;
    // Its job came too early, as it does when it was added again after Redis had lost it.
    if (task.nonce === null && task.retryAt && task.retryAt > new Date()) throw new Postponed(task.retryAt);
    if (task.account === null && workOf(task.action) === 'video' && chosen.session.capacity.hasVideoSlots) {
      // Released first: the account's pace may allow only one send at a time.
      unusedSlot?.release();
      unusedSlot = undefined;
      const video = { work: 'video', speed: task.speed } as const;
      const [session] = sessions.withSlotFor(video);
      const slot = session?.capacity.takeSlot(video);
      if (!session || !slot) throw new Postponed(new Date(Date.now() + videoLooksEveryMs));
      return await session.run(task, slot, job.priority);
    }
    if (task.account === null || task.account === chosen.session.name) {
      const slot = unusedSlot;
      // From here on the session releases it when Midjourney's job has ended, perhaps long after the task.
      unusedSlot = undefined;
      return await chosen.session.run(task, slot, job.priority);
    }
    // It is at Midjourney already, or its parent is: only that account can continue it.
    unusedSlot?.release();
    const session = sessions.of(task.account);
    if (session) await session.run(task, undefined, job.priority);
    else await queues.addTasks([{ ...task, userName: user }]);
  } catch (error) {
    if (stopping.aborted || notOurs.some((kind) => error instanceof kind)) {
      await giveBack(job, token);
      throw new WaitingError();
    }
    if (error instanceof Postponed) {
      await delay(job, error.retryAt, token);
      throw new DelayedError();
    }
    log.warn(
      { err: error, task: job.data.taskId, attempt: job.attemptsMade + 1 },
      'the task could not be carried out',
    );
    const isLast = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    if (isLast && !(error instanceof UnrecoverableError)) {
      await giveUp(job.data.taskId, error, delivery, stopping);
    }
    throw error;
  } finally {
    unusedSlot?.release();
  }
}

/** How long a video that no account has a slot for stays out of the way of pictures in the queue. */
const videoLooksEveryMs = 2_000;

/** The task is another worker's or account's, or has to wait: no attempt of its own has failed. */
const notOurs = [SessionStopped, AccountRefused, LeaseLost];

/** When its time has come, it goes ahead of all other jobs: its task has waited before. */
async function delay(job: Job<TaskJob>, until: Date, token: string | undefined): Promise<void> {
  await job.changePriority({ priority: 1 });
  await job.moveToDelayed(until.getTime(), token);
}

async function giveUp(
  id: Task['id'],
  error: unknown,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<void> {
  const event =
    error instanceof NotSent
      ? failureEvent(id, 'account_unavailable', `Midjourney could not be reached: ${error.message}`)
      : failureEvent(
          id,
          'internal',
          'This service failed to carry out the task; the operator finds the cause in the logs.',
        );
  await delivery.insist(event, signal);
}
