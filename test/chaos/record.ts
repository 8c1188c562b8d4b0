import type { DatabaseConnection } from '@midjourney-api/shared/database/connect';
import { accounts, notices, tasks, tokenLedger, users } from '@midjourney-api/shared/database/schema';
import type { Task } from '@midjourney-api/shared/tasks/task';
import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import type { ReceivedNotice } from '../hook-receiver.ts';
import type { DrawnJob } from '../system/simulator-control.ts';
import type { Customer, Submission } from './customer.ts';

/** A task as its customer, MySQL and Midjourney know it. */
export interface Traced {
  submission: Submission;
  customer: Customer;
  task: Task;
  /** As its customer is shown it. */
  shown: TaskView;
  /** What Midjourney began for it and did not delete, by the simulator's own record; rightly one at most. */
  jobs: DrawnJob[];
}

/** All that is left of a run, from every side. */
export interface RunRecord {
  traced: Traced[];
  /** What Midjourney began for no task that there is. */
  strayJobs: DrawnJob[];
  jobs: DrawnJob[];
  tasks: Task[];
  users: (typeof users.$inferSelect)[];
  ledger: (typeof tokenLedger.$inferSelect)[];
  accounts: (typeof accounts.$inferSelect)[];
  pendingNotices: (typeof notices.$inferSelect)[];
  notices: ReceivedNotice[];
  customers: Customer[];
}

/** A job that Midjourney refused, or took and never began, cost nothing and shows nothing. */
const begun = ({ state }: DrawnJob) => state !== 'refused' && state !== 'never_started';

export async function readRecord(
  { db }: DatabaseConnection,
  customers: Customer[],
  allJobs: DrawnJob[],
  received: ReceivedNotice[],
): Promise<RunRecord> {
  const stored = await db.select().from(tasks);
  const byId = new Map<string, Task>(stored.map((task) => [task.id, task]));
  const jobs = allJobs.filter(begun);
  const traced: Traced[] = [];
  // One whose only message was deleted midway left no trace: when its answer was lost too, it is rightly sent again.
  const lasting = jobs.filter(({ state }) => state !== 'deleted');
  const strayJobs = new Set(lasting);
  for (const customer of customers) {
    for (const submission of customer.submissions) {
      const task = byId.get(submission.id);
      if (!task) continue;
      const own = lasting.filter((job) => isOf(job, task));
      for (const job of own) strayJobs.delete(job);
      traced.push({ submission, customer, task, shown: await customer.task(submission.id), jobs: own });
    }
  }
  return {
    traced,
    strayJobs: [...strayJobs],
    jobs,
    tasks: stored,
    users: await db.select().from(users),
    ledger: await db.select().from(tokenLedger),
    accounts: await db.select().from(accounts),
    pendingNotices: (await db.select().from(notices)).filter(({ state }) => state === 'waiting'),
    notices: received,
    customers,
  };
}

/**
 * Every send has a nonce of its own, which is committed before; new drawings have their task's id in the prompt, too.
 * A region and a form have no nonce of the task's at Midjourney, but a prompt that no other task has.
 */
function isOf({ nonce, prompt, kind, detail }: DrawnJob, task: Task): boolean {
  if (detail === 'region') return prompt === task.prompt;
  const { action } = task;
  if (action.kind === 'button' && action.prompt !== undefined) return prompt === action.prompt;
  return (
    (task.nonce !== null && nonce === task.nonce) || (kind === 'imagine' && prompt.includes(`<#${task.id}#>`))
  );
}
