import type { Database } from '@midjourney-api/shared/database/connect';
import { withoutQueryValues } from '@midjourney-api/shared/database/query-error';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import { hookSecrets } from '@midjourney-api/shared/notices/hook-secrets';
import { scheduleNextNotice } from '@midjourney-api/shared/notices/notices';
import { catalogue, type NoticeJob, readJob } from '@midjourney-api/shared/queues/catalogue';
import type { Queues } from '@midjourney-api/shared/queues/queues';
import { signatureHeaders } from '@midjourney-api/shared/results/signature';
import { DelayedError, type Job, UnrecoverableError, WaitingError } from 'bullmq';
import { untilMySqlIsBack } from '../mysql-outage.ts';
import { dropOvertaken, forgetHook, isProgress, type Notice, readNotice, recordAttempt } from './outbox.ts';
import { type HookAnswer, type PostOptions, postToHook } from './post-to-hook.ts';
import { delayBeforeRetry, forProgress, type RetryPlan } from './retry-plan.ts';
import type { UserSlots } from './user-slots.ts';

export interface DeliveryContext {
  db: Database;
  queues: Pick<Queues, 'addNotice'>;
  slots: UserSlots;
  plan: RetryPlan;
  post: Omit<PostOptions, 'signal'>;
  log: Logger;
  /** Aborted when a stopping worker can wait for answers no longer. */
  stopping: AbortSignal;
}

/** The hook did not take the notice this time. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
  /** When to try again, in milliseconds. */
  readonly delayMs: number;

  constructor(reason: string, delayMs: number) {
    super(reason);
    this.delayMs = delayMs;
  }
}

/**
 * The processor of a notice's job. The job is complete when the hook has taken the notice, is tried again later
 * when it has not, and fails for good, with the reason for people, when the notice is given up. Only a task's
 * oldest waiting notice has a job, and whatever settles it adds the job of the next one.
 */
export async function deliverNotice(
  job: Job<NoticeJob>,
  token: string | undefined,
  context: DeliveryContext,
): Promise<void> {
  const { slots, stopping, log } = context;
  const notice = readJob(catalogue.notice, job);
  const releaseSlot = slots.take(notice.userId);
  if (!releaseSlot) {
    await job.moveToDelayed(Date.now() + slots.retryInMs(notice.userId), token);
    throw new DelayedError();
  }
  try {
    await deliver(notice, context);
  } catch (error) {
    if (stopping.aborted) {
      await job.moveToWait(token);
      throw new WaitingError();
    }
    if (error instanceof NotTaken || error instanceof UnrecoverableError) throw error;
    // Its message is shown in Bull Board, where no value of a query belongs.
    const safe = withoutQueryValues(error);
    log.error({ err: safe, task: notice.taskId, version: notice.version }, 'the delivery of a notice failed');
    throw safe;
  } finally {
    releaseSlot();
  }
}

async function deliver(job: NoticeJob, context: DeliveryContext): Promise<void> {
  const { db, plan, log, stopping } = context;
  const mysql = <T>(query: () => Promise<T>) => untilMySqlIsBack(query, stopping, log);
  const settle = async (query: () => Promise<void>) => {
    await mysql(query);
    // If it fails, the next one's job is added when lost jobs are looked for.
    await scheduleNextNotice(db, context.queues, job.taskId).catch((err) =>
      log.warn({ err: withoutQueryValues(err), task: job.taskId }, 'next notice not added to its queue'),
    );
  };

  const notice = await mysql(() => readNotice(db, job));
  if (!notice) return;
  if (notice.state === 'delivered' || notice.state === 'overtaken') return settle(async () => {});
  if (notice.hook === null) throw new UnrecoverableError(notice.reason ?? 'The task no longer has a hook.');

  const line = { task: job.taskId, version: job.version, attempt: notice.attempts + 1 };
  const mayBeDropped = isProgress(notice);
  if (mayBeDropped && notice.reason !== null) {
    const reason = `Dropped, as a newer one waited: ${notice.reason}`;
    if (await mysql(() => dropOvertaken(db, job, reason, new Date()))) return settle(async () => {});
  }
  const answer = await postNotice(notice.hook, notice, job, context, mysql);
  const now = new Date();
  if (answer.taken) {
    await settle(() => recordAttempt(db, job, { state: 'delivered', reason: null }, now));
    log.info(line, 'notice delivered');
    return;
  }
  const attempts = notice.attempts + 1;
  const delay = answer.gone
    ? undefined
    : delayBeforeRetry({ ...notice, attempts }, now, mayBeDropped ? forProgress(plan) : plan);
  if (delay !== undefined) {
    await mysql(() => recordAttempt(db, job, { state: 'waiting', reason: answer.reason }, now));
    log.info({ ...line, reason: answer.reason, delay }, 'notice not delivered, trying again');
    throw new NotTaken(answer.reason, delay);
  }
  const reason = `Given up after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'} since ${notice.createdAt.toISOString()}: ${answer.reason}`;
  await settle(async () => {
    await recordAttempt(db, job, { state: 'dead', reason }, now);
    if (answer.gone) await forgetHook(db, job, answer.reason, now);
  });
  log.warn({ ...line, reason: answer.reason }, 'notice not delivered, given up');
  throw new UnrecoverableError(reason);
}

async function postNotice(
  hook: string,
  { body }: Notice,
  { taskId, version, userId }: NoticeJob,
  { db, post, stopping }: DeliveryContext,
  mysql: <T>(query: () => Promise<T>) => Promise<T>,
): Promise<HookAnswer> {
  const secrets = await mysql(() => hookSecrets(db, userId));
  // The same at every attempt, so that the hook can distinguish a repeated notice from a new one.
  const headers = signatureHeaders(secrets, body, `msg_${taskId}_${version}`);
  return postToHook(hook, body, headers, { ...post, signal: stopping });
}
