import { type Job, type JobsOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { type Speed, speeds, type Task } from '../tasks/task.ts';
import type { TaskId } from '../tasks/task-id.ts';
import {
  type Answers,
  catalogue,
  type NoticeJob,
  type PictureJob,
  type QuestionJob,
  type TaskJob,
  type UploadJob,
  type UploadJobResult,
} from './catalogue.ts';
import { createFairOrder } from './fair-order/fair-order.ts';
import { firstWords } from './first-words.ts';
import {
  accountQueue,
  drawingsQueue,
  noticeJobId,
  pictureJobId,
  questionsQueue,
  queueNames,
  taskJobId,
} from './keys.ts';

/** What decides to which queue a task's job belongs. */
type TaskRoute = Pick<Task, 'account' | 'speed'>;

/** What decides the position of a task's job in its queue. */
type QueuedTask = TaskRoute & Pick<Task, 'id' | 'userId'>;

/** A task whose job is to be added. */
export type WaitingTask = QueuedTask &
  Pick<Task, 'triggerType' | 'prompt'> & { userName: string; priority?: number };

/**
 * The schedule. A task's job waits in one of two queues: with the new drawings, which any account may take, or in the queue
 * of the account that must do it, because the picture that it continues is there, or because it was already sent there.
 */
export interface Queues {
  /** New drawings without a speed. */
  drawings: Queue<TaskJob>;
  /** New drawings, with and without a speed. */
  everyDrawings: Queue<TaskJob>[];
  account(name: string): Queue<TaskJob>;
  uploads: Queue<UploadJob, UploadJobResult>;
  notices: Queue<NoticeJob>;
  pictures: Queue<PictureJob>;
  /** Jobs that the apis do for themselves. */
  reconciler: Queue;
  /** Every queue, including those of these accounts. */
  every(accounts: string[]): Queue[];
  /** The queues that a task's job may be in: a new drawing gets its account when a worker takes it. */
  possibleQueues(task: TaskRoute): Queue<TaskJob>[];
  /** Adds each task's job to its queue, in the user's order; does nothing for a job that is already there. */
  addTasks(tasks: WaitingTask[]): Promise<void>;
  /** Removes the job of an ended task if it still waits. */
  removeTask(task: TaskRoute & Pick<Task, 'id'>): Promise<void>;
  /** Records that a worker has taken the job: later jobs of all users come after it. */
  taskTaken(job: Job<TaskJob>): Promise<void>;
  /** The position of the task's job, 1 for the next one; undefined if it does not wait. */
  positionOf(task: QueuedTask): Promise<number | undefined>;
  /** Adds a question to the worker that has the account; the job's result is the answer. */
  ask<Question extends keyof Answers>(
    account: string,
    question: Question,
    about: QuestionJob,
  ): Promise<Job<QuestionJob, Answers[Question]>>;
  /** Adds the notice's job to its queue; does nothing if it is already there. */
  addNotice(notice: NoticeJob): Promise<Job<NoticeJob>>;
  /** Adds a job that copies the task's picture; does nothing if it is already there. */
  addPicture(taskId: TaskId): Promise<Job<PictureJob>>;
  close(): Promise<void>;
}

export function openQueues(redis: Redis, prefix: string): Queues {
  const fairOrder = createFairOrder(redis);
  const opened: Queue[] = [];
  const open = (name: string, options: JobsOptions): Queue => {
    const queue = new Queue(name, { connection: redis, prefix, defaultJobOptions: options });
    // The connection's own listener reports that Redis is down; each queue would repeat it.
    queue.on('error', () => {});
    opened.push(queue);
    return queue;
  };
  const taskQueues = new Map<string, Queue>();
  const taskQueue = (name: string): Queue => {
    const queue = taskQueues.get(name) ?? open(name, catalogue.task.options);
    taskQueues.set(name, queue);
    return queue;
  };
  const account = (name: string) => taskQueue(accountQueue(name));
  const questionQueues = new Map<string, Queue>();
  const questions = (name: string): Queue => {
    const queue = questionQueues.get(name) ?? open(questionsQueue(name), catalogue.question.options);
    questionQueues.set(name, queue);
    return queue;
  };
  const drawingsAt = (speed: Speed | null) => taskQueue(drawingsQueue(speed));
  const queueOf = (task: TaskRoute) =>
    task.account === null ? drawingsAt(task.speed) : account(task.account);
  const possibleQueues = (task: TaskRoute) =>
    task.account === null ? [drawingsAt(task.speed)] : [drawingsAt(task.speed), account(task.account)];

  const addInOrder = async (queue: Queue<TaskJob>, waiting: WaitingTask[]) => {
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

  const everyDrawings = [drawingsAt(null), ...speeds.map(drawingsAt)];
  const uploads = open(queueNames.uploads, catalogue.upload.options);
  const notices = open(queueNames.notices, catalogue.notice.options);
  const pictures = open(queueNames.pictures, catalogue.picture.options);
  const reconciler = open(queueNames.reconciler, catalogue.reconcile.options);

  return {
    drawings: drawingsAt(null),
    everyDrawings,
    account,
    uploads,
    notices,
    pictures,
    reconciler,
    every: (accounts) => [...everyDrawings, ...accounts.map(account), uploads, notices, pictures, reconciler],
    possibleQueues,
    addTasks: async (tasks) => {
      const queues = new Set(tasks.map(queueOf));
      await Promise.all(
        [...queues].map((queue) =>
          addInOrder(
            queue,
            tasks.filter((task) => queueOf(task) === queue),
          ),
        ),
      );
    },
    removeTask: async (task) => {
      await Promise.all(possibleQueues(task).map((queue) => queue.remove(taskJobId(task.id))));
    },
    taskTaken: (job) => fairOrder.jobTaken(taskQueue(job.queueName), job.priority),
    positionOf: (task) =>
      fairOrder.positionOf(queueOf(task), { jobId: taskJobId(task.id), userId: task.userId }),
    ask: (name, question, about) => questions(name).add(question, about),
    addNotice: (notice) => notices.add('notice', notice, { jobId: noticeJobId(notice) }),
    addPicture: (taskId) => pictures.add('picture', { taskId }, { jobId: pictureJobId(taskId) }),
    close: async () => {
      await Promise.all(opened.map((queue) => queue.close()));
    },
  };
}
