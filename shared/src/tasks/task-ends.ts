import { Counter, type Registry } from 'prom-client';
import type { Logger } from '../logging/logger.ts';
import type { Task } from './task.ts';

/** Called once per task, after its end is committed, by the process that ended it. */
export type TaskEnded = (task: Task, userName: string) => void;

export type Refunds = Counter<'reason'>;

/** A metric of every process that ends tasks. */
export function createRefunds(registry: Registry): Refunds {
  return new Counter({
    name: 'midjourney_refunds_total',
    help: 'Tasks that failed and gave their token back, by fail_code.',
    labelNames: ['reason'],
    registers: [registry],
  });
}

/**
 * Counts and logs the end of each task as stored, which may differ from the event that ended it: a drawing that stops
 * after its owner cancelled it is `cancelled`.
 */
export function reportTaskEnds(refunds: Refunds, log: Logger): TaskEnded {
  return (task, user) => {
    const { id, account, triggerType, failCode } = task;
    const line = {
      task: id,
      user,
      account,
      trigger_type: triggerType,
      ...timesOf(task),
      request_id: task.requestId,
    };
    if (failCode === null) {
      log.info(line, 'task succeeded, its token is spent');
    } else {
      refunds.inc({ reason: failCode });
      log.info({ ...line, fail_code: failCode }, 'task failed, its token is refunded');
    }
  };
}

/** Seconds until Discord accepted the task, or it ended without that; and seconds from then to its end. */
function timesOf({ createdAt, submittedAt, finishedAt }: Task) {
  const end = finishedAt ?? new Date();
  const taken = submittedAt ?? end;
  return { waited: seconds(createdAt, taken), ...(submittedAt && { drew: seconds(taken, end) }) };
}

function seconds(from: Date, to: Date): number {
  return Math.max(0, to.getTime() - from.getTime()) / 1_000;
}
