import { type Job, type JobsOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Task } from '../tasks/task.ts';
import type { TaskId } from '../tasks/task-id.ts';
import { nextTurn, turnBegan } from './fair-order.ts';

/**
 * The schedule. A task's job waits in one of two places: in `drawings`, from which any account may take it,
 * or in the queue of the account that has to do it, because the picture that it continues is there or
 * because it was sent there already. Jobs hold ids only; everything else is read from MySQL.
 */
export interface TaskJob {
  taskId: TaskId;
}

/** Tells a task's notify_hook of one change. The hook, its secret and what it is told are in MySQL only. */
export interface NoticeJob {
  taskId: TaskId;
  version: number;
  /** Whose turn it takes. */
  userId: number;
}

export const drawingsQueue = 'drawings';
export const uploadsQueue = 'uploads';
export const hooksQueue = 'hooks';

export function accountQueue(account: string): string {
  return `account-${account}`;
}

/** The one account that is configured by DISCORD_* variables. */
export const environmentAccount = 'default';

/** Bytes to hand to Discord wait in Redis under a key with a time limit, never in a job. */
export type UploadJob =
  | { kind: 'upload'; uploadId: TaskId; filename: string; contentType: string; size: number }
  | { kind: 'post'; account: string; uploadFilename: string; filename: string };

export interface UploadResult {
  account: string;
  uploadFilename: string;
  uploadUrl: string;
}

export interface PostResult {
  imageUrl: string;
}

export function uploadedBytesKey(prefix: string, uploadId: TaskId): string {
  return `${prefix}:upload:${uploadId}`;
}

/** Derived from the task's id, so that adding a job twice adds one. BullMQ refuses ids that are plain integers. */
export function taskJobId(taskId: TaskId): string {
  return `task-${taskId}`;
}

export function noticeJobId({ taskId, version }: Pick<NoticeJob, 'taskId' | 'version'>): string {
  return `notice-${taskId}-${version}`;
}

const taskJobOptions: JobsOptions = {
  attempts: 5,
  backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 },
  removeOnComplete: { age: 3_600, count: 1_000 },
  removeOnFail: { age: 86_400, count: 10_000 },
};

/** How often and when a notice is tried is decided where it is delivered, for which MySQL keeps count. */
const noticeJobOptions: JobsOptions = {
  attempts: 1_000_000,
  backoff: { type: 'custom' },
  stackTraceLimit: 1,
  removeOnComplete: { age: 3_600, count: 1_000 },
  removeOnFail: { age: 7 * 86_400, count: 10_000 },
};

export interface Queues {
  drawings: Queue<TaskJob>;
  uploads: Queue<UploadJob, UploadResult | PostResult>;
  hooks: Queue<NoticeJob>;
  account(name: string): Queue<TaskJob>;
  /** The queue that a task's job belongs in. */
  forTask(task: Pick<Task, 'account'>): Queue<TaskJob>;
  /** Puts the task's job into its queue, in its user's turn; does nothing when it is there already. */
  addTask(task: Pick<Task, 'id' | 'account' | 'userId'>, priority?: number): Promise<Job<TaskJob>>;
  /** Notes that the job's turn has come: later ones of everybody come after it. */
  taskTaken(job: Job<TaskJob>): Promise<void>;
  /** Puts the notice's job into its queue; does nothing when it is there already. */
  addNotice(notice: NoticeJob): Promise<Job<NoticeJob>>;
  close(): Promise<void>;
}

export function openQueues(redis: Redis, prefix: string): Queues {
  const drawings = new Queue<TaskJob>(drawingsQueue, {
    connection: redis,
    prefix,
    defaultJobOptions: taskJobOptions,
  });
  const uploads = new Queue<UploadJob, UploadResult | PostResult>(uploadsQueue, {
    connection: redis,
    prefix,
    defaultJobOptions: {
      attempts: 1,
      removeOnComplete: { age: 60 },
      removeOnFail: { age: 3_600, count: 100 },
    },
  });
  const hooks = new Queue<NoticeJob>(hooksQueue, {
    connection: redis,
    prefix,
    defaultJobOptions: noticeJobOptions,
  });
  const accounts = new Map<string, Queue<TaskJob>>();
  const account = (name: string) => {
    const open = accounts.get(name);
    if (open) return open;
    const queue = new Queue<TaskJob>(accountQueue(name), {
      connection: redis,
      prefix,
      defaultJobOptions: taskJobOptions,
    });
    accounts.set(name, quiet(queue));
    return queue;
  };
  const forTask = (task: Pick<Task, 'account'>) => (task.account === null ? drawings : account(task.account));
  quiet(drawings);
  quiet(uploads);
  quiet(hooks);

  return {
    drawings,
    uploads,
    hooks,
    account,
    forTask,
    addTask: async (task, priority = 1) => {
      const queue = forTask(task);
      const turn = await nextTurn(redis, queue, task.userId, priority);
      return queue.add('task', { taskId: task.id }, { jobId: taskJobId(task.id), priority: turn });
    },
    taskTaken: (job) => {
      const queue =
        job.queueName === drawingsQueue ? drawings : account(job.queueName.slice(accountQueue('').length));
      return turnBegan(redis, queue, job.opts.priority ?? 0);
    },
    addNotice: (notice) => hooks.add('notice', notice, { jobId: noticeJobId(notice) }),
    close: async () => {
      await Promise.all([drawings, uploads, hooks, ...accounts.values()].map((queue) => queue.close()));
    },
  };
}

/** The connection's own listener reports that Redis is away; each queue would repeat it. */
function quiet<Q extends Queue>(queue: Q): Q {
  queue.on('error', () => {});
  return queue;
}
