import { type Job, type JobsOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { type Speed, speeds, type Task } from '../tasks/task.ts';
import type { TaskId } from '../tasks/task-id.ts';
import { createFairOrder } from './fair-order/fair-order.ts';
import { firstWords } from './first-words.ts';

/**
 * The schedule. A task's job waits in one of two places: in `drawings`, from which any account may take it,
 * or in the queue of the account that has to do it, because the picture that it continues is there or
 * because it was sent there already. What it is to do is read from MySQL.
 */
export interface TaskJob {
  taskId: TaskId;
  /** For people who look at the queue: whose it is, and how its prompt begins. */
  user: string;
  prompt: string;
}

/** Copies a finished picture from Discord into this service's store. */
export interface ImageJob {
  taskId: TaskId;
}

/** Asks Midjourney something about the account in whose queue it is. Answered by the job's result. */
export interface InfoJob {
  ask: 'info';
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
export const imagesQueue = 'images';

/** New drawings that ask for a speed: only an account that draws at it may take them. */
export function drawingsQueueAt(speed: Speed | null): string {
  return speed === null ? drawingsQueue : `${drawingsQueue}-${speed}`;
}

export function accountQueue(account: string): string {
  return `account-${account}`;
}

/** The one account that is configured by DISCORD_* variables. */
export const environmentAccount = 'default';

/** Bytes to hand to Discord wait in Redis under a key with a time limit, never in a job. */
export type UploadJob =
  | {
      kind: 'upload';
      uploadId: TaskId;
      filename: string;
      contentType: string;
      size: number;
      /** Whose channel it must be in; any account's when left out. */
      account?: string;
    }
  | { kind: 'post'; account: string; uploadFilename: string; filename: string }
  /** Renews Discord's links to these tasks' pictures, which MySQL holds. */
  | { kind: 'refresh'; taskIds: TaskId[] };

export interface UploadResult {
  account: string;
  uploadFilename: string;
  uploadUrl: string;
}

export interface PostResult {
  imageUrl: string;
}

export interface RefreshResult {
  renewed: number;
}

export type UploadJobResult = UploadResult | PostResult | RefreshResult;

export function uploadedBytesKey(prefix: string, uploadId: TaskId): string {
  return `${prefix}:upload:${uploadId}`;
}

/** Derived from the task's id, so that adding a job twice adds one. BullMQ refuses ids that are plain integers. */
export function taskJobId(taskId: TaskId): string {
  return `task-${taskId}`;
}

export function imageJobId(taskId: TaskId): string {
  return `image-${taskId}`;
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

/** About two days of trying; how the delay grows is decided where pictures are copied. */
const imageJobOptions: JobsOptions = {
  attempts: 60,
  backoff: { type: 'custom' },
  stackTraceLimit: 1,
  removeOnComplete: { age: 3_600, count: 1_000 },
  removeOnFail: { age: 86_400, count: 10_000 },
};

/** What decides in which queue a task's job belongs. */
export type TaskPlace = Pick<Task, 'account' | 'speed'>;

/** What decides where in its queue a task's job waits: its user's turn. */
type TaskInTurn = TaskPlace & Pick<Task, 'id' | 'userId'>;

/** A task whose job is to be added. */
export type WaitingTask = TaskInTurn &
  Pick<Task, 'triggerType' | 'prompt'> & { userName: string; priority?: number };

export interface Queues {
  drawings: Queue<TaskJob>;
  uploads: Queue<UploadJob, UploadJobResult>;
  hooks: Queue<NoticeJob>;
  images: Queue<ImageJob>;
  account(name: string): Queue<TaskJob>;
  /** Those of new drawings, with a speed and without. */
  everyDrawings: Queue<TaskJob>[];
  /** Every queue there is with these accounts. */
  every(accounts: string[]): Queue[];
  /** The queue that a task's job belongs in. */
  forTask(task: TaskPlace): Queue<TaskJob>;
  /** The queues that a task's job may be in: one that came by `drawings` gets its account when a worker takes it. */
  placesOf(task: TaskPlace): Queue<TaskJob>[];
  /** Puts each task's job into its queue, in its user's turn; does nothing for one that is there already. */
  addTasks(tasks: WaitingTask[]): Promise<void>;
  /** Notes that the job's turn has come: later ones of everybody come after it. */
  taskTaken(job: Job<TaskJob>): Promise<void>;
  /** How many jobs are taken until the task's is, itself included; undefined when it does not wait. */
  placeOf(task: TaskInTurn): Promise<number | undefined>;
  /** Puts the notice's job into its queue; does nothing when it is there already. */
  addNotice(notice: NoticeJob): Promise<Job<NoticeJob>>;
  /** Has the task's picture copied; does nothing when that is under way. */
  addImage(taskId: TaskId): Promise<Job<ImageJob>>;
  close(): Promise<void>;
}

export function openQueues(redis: Redis, prefix: string): Queues {
  const fairOrder = createFairOrder(redis);
  const taskQueues = new Map<string, Queue<TaskJob>>();
  const taskQueue = (name: string) => {
    const open = taskQueues.get(name);
    if (open) return open;
    const queue = new Queue<TaskJob>(name, { connection: redis, prefix, defaultJobOptions: taskJobOptions });
    taskQueues.set(name, quiet(queue));
    return queue;
  };
  const drawings = taskQueue(drawingsQueue);
  const account = (name: string) => taskQueue(accountQueue(name));
  const drawingsAt = (speed: Speed | null) => taskQueue(drawingsQueueAt(speed));
  const forTask = (task: TaskPlace) =>
    task.account === null ? drawingsAt(task.speed) : account(task.account);
  const addInTurn = async (queue: Queue<TaskJob>, waiting: WaitingTask[]) => {
    const jobs = waiting.map(({ id, userId, priority = 1 }) => ({ jobId: taskJobId(id), userId, priority }));
    const priorities = await fairOrder.givePriorities(queue, jobs);
    await queue.addBulk(
      waiting.map(({ id, triggerType, userName, prompt }, at) => ({
        name: triggerType,
        data: { taskId: id, user: userName, prompt: firstWords(prompt) },
        opts: { jobId: taskJobId(id), priority: priorities[at] },
      })),
    );
  };
  const uploads = new Queue<UploadJob, UploadJobResult>(uploadsQueue, {
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
  const images = new Queue<ImageJob>(imagesQueue, {
    connection: redis,
    prefix,
    defaultJobOptions: imageJobOptions,
  });
  const everyDrawings = [drawings, ...speeds.map(drawingsAt)];
  quiet(uploads);
  quiet(hooks);
  quiet(images);

  return {
    drawings,
    uploads,
    hooks,
    images,
    account,
    everyDrawings,
    every: (accounts) => [...everyDrawings, ...accounts.map(account), uploads, hooks, images],
    forTask,
    placesOf: (task) =>
      task.account === null ? [drawingsAt(task.speed)] : [drawingsAt(task.speed), account(task.account)],
    addTasks: async (tasks) => {
      const queues = new Set(tasks.map(forTask));
      await Promise.all(
        [...queues].map((queue) =>
          addInTurn(
            queue,
            tasks.filter((task) => forTask(task) === queue),
          ),
        ),
      );
    },
    taskTaken: (job) => fairOrder.jobTaken(taskQueue(job.queueName), job.priority),
    placeOf: (task) =>
      fairOrder.positionOf(forTask(task), { jobId: taskJobId(task.id), userId: task.userId }),
    addNotice: (notice) => hooks.add('notice', notice, { jobId: noticeJobId(notice) }),
    addImage: (taskId) => images.add('image', { taskId }, { jobId: imageJobId(taskId) }),
    close: async () => {
      await Promise.all([uploads, hooks, images, ...taskQueues.values()].map((queue) => queue.close()));
    },
  };
}

/** The connection's own listener reports that Redis is away; each queue would repeat it. */
function quiet<Q extends Queue>(queue: Q): Q {
  queue.on('error', () => {});
  return queue;
}
