import type { Config } from '@midjourney-api/shared/config/config';
import type { Database } from '@midjourney-api/shared/database/connect';
import { operatorNotices } from '@midjourney-api/shared/database/schema';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import type { NoticeState } from '@midjourney-api/shared/notices/notice-states';
import { createOutbound } from '@midjourney-api/shared/outbound/outbound';
import { signatureHeaders } from '@midjourney-api/shared/results/signature';
import { and, eq, lt } from 'drizzle-orm';
import { wait } from '../wait.ts';
import { postToHook } from './post-to-hook.ts';
import { delayBeforeRetry, type RetryPlan, retryPlan } from './retry-plan.ts';

type OperatorNotice = typeof operatorNotices.$inferSelect;

const answerLimitMs = 10_000;
/** After this long, another worker may claim a notice that this one has not settled. */
const claimMs = 3 * answerLimitMs;
const lookEveryMs = 1_000;
const dayMs = 86_400_000;

export interface OperatorNoticeContext {
  config: Pick<Config, 'OPERATOR_HOOK' | 'OPERATOR_HOOK_SECRET'>;
  db: Database;
  log: Logger;
}

/**
 * Delivers the changes of accounts' states to OPERATOR_HOOK, one after the other, whichever worker is first to claim
 * one. They are few, and matter most when nothing else works: they need no Redis.
 * @returns a function that stops it.
 */
export function startOperatorNotices(
  { config, db, log }: OperatorNoticeContext,
  plan: RetryPlan = retryPlan,
): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const post = {
    // The operator's own address, which may be in a private network.
    outbound: createOutbound({ allowPrivate: true }),
    timeLimitMs: answerLimitMs,
    signal,
  };

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const delivered = await deliverNext().catch((err) => {
        if (!signal.aborted) log.warn({ err }, 'the notices for the operator could not be delivered');
      });
      if (!delivered) await wait(lookEveryMs, signal).catch(() => {});
    }
  }

  /** @returns whether there may be another one. */
  async function deliverNext(): Promise<boolean> {
    const { OPERATOR_HOOK: hook, OPERATOR_HOOK_SECRET: secret } = config;
    const notice = await oldestWaiting(db);
    const now = new Date();
    if (!notice || notice.dueAt > now) return false;
    if (!hook || !secret || notice.createdAt.getTime() < now.getTime() - dayMs) {
      await settle(notice, 'dead', hook ? 'It is too old.' : 'OPERATOR_HOOK is not set.', now);
      return true;
    }
    if (!(await claim(db, notice, new Date(now.getTime() + claimMs)))) return true;
    const headers = signatureHeaders(secret, notice.body, `msg_account_${notice.id}`);
    const answer = await postToHook(hook, notice.body, headers, post);
    const attempts = notice.attempts + 1;
    const line = { notice: notice.id, attempt: attempts };
    if (answer.taken) {
      await settle(notice, 'delivered', null, new Date());
      log.info(line, 'notice for the operator delivered');
      return true;
    }
    const delay = delayBeforeRetry({ attempts, createdAt: notice.createdAt }, new Date(), plan);
    log.warn({ ...line, reason: answer.reason, delay }, 'notice for the operator not delivered');
    if (delay === undefined) await settle(notice, 'dead', answer.reason, new Date());
    else await postpone(db, notice, answer.reason, new Date(Date.now() + delay));
    return true;
  }

  async function settle(notice: OperatorNotice, state: NoticeState, reason: string | null, now: Date) {
    await db
      .update(operatorNotices)
      .set({ state, reason, settledAt: now })
      .where(eq(operatorNotices.id, notice.id));
    await db.delete(operatorNotices).where(lt(operatorNotices.settledAt, new Date(now.getTime() - dayMs)));
  }

  const running = run();
  return async () => {
    stopping.abort();
    await running;
  };
}

async function oldestWaiting(db: Database): Promise<OperatorNotice | undefined> {
  const [notice] = await db
    .select()
    .from(operatorNotices)
    .where(eq(operatorNotices.state, 'waiting'))
    .orderBy(operatorNotices.id)
    .limit(1);
  return notice;
}

/** @returns whether this worker has it until then: another one may have been faster. */
async function claim(db: Database, { id, dueAt, attempts }: OperatorNotice, until: Date): Promise<boolean> {
  const [claimed] = await db
    .update(operatorNotices)
    .set({ dueAt: until, attempts: attempts + 1 })
    .where(
      and(eq(operatorNotices.id, id), eq(operatorNotices.dueAt, dueAt), eq(operatorNotices.state, 'waiting')),
    );
  return claimed.affectedRows > 0;
}

async function postpone(db: Database, { id }: OperatorNotice, reason: string, dueAt: Date): Promise<void> {
  await db.update(operatorNotices).set({ reason, dueAt }).where(eq(operatorNotices.id, id));
}
