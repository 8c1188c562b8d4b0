import { type Job, type JobsOptions, UnrecoverableError } from 'bullmq';
import { z } from 'zod';
import type { AccountInfo } from '../accounts/account-info.ts';
import { type ChangedSettings, wantedSettingsSchema } from '../accounts/midjourney-settings.ts';
import type { DiscordFacts } from '../doctor/discord-facts.ts';
import { isTaskId, type TaskId } from '../tasks/task-id.ts';

interface JobKind<Data> {
  /** What its data must be. They are seen by operators: no secret belongs in them. */
  data: z.ZodType<Data>;
  options: JobsOptions;
}

const kind = <Data>(data: z.ZodType<Data>, options: JobsOptions): JobKind<Data> => ({ data, options });

const taskId = z.custom<TaskId>((value) => typeof value === 'string' && isTaskId(value), 'not a task id');

const hour = 3_600;
const day = 24 * hour;

/** Every kind of job in Redis. What a job is to do is read from MySQL wherever it is there. */
export const catalogue = {
  /** Has a task carried out. In people's view it is named after the kind of the task. */
  task: kind(
    z.object({
      taskId,
      /** For people who look at the queue: whose it is, and how its prompt begins. */
      user: z.string(),
      prompt: z.string(),
    }),
    {
      attempts: 5,
      backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 },
      removeOnComplete: { age: hour, count: 1_000 },
      removeOnFail: { age: day, count: 10_000 },
    },
  ),

  /**
   * Asks the worker that has an account; named after what is asked. Answered by the job's result, which a caller waits
   * for.
   */
  question: kind(z.object({ taskId: taskId.optional(), settings: wantedSettingsSchema.optional() }), {
    attempts: 1,
    removeOnComplete: { age: 60 },
    removeOnFail: { age: 60 },
  }),

  /** Hands files to Discord, or has it renew links. Answered by the job's result. */
  upload: kind(
    z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('upload'),
        uploadId: taskId,
        filename: z.string(),
        contentType: z.string(),
        size: z.number(),
        /** Whose channel it must be in; any account's when left out. */
        account: z.string().optional(),
      }),
      z.object({
        kind: z.literal('post'),
        account: z.string(),
        uploadFilename: z.string(),
        filename: z.string(),
      }),
      /** Fetches a file for the api, from Discord and through the proxy of the account that it was drawn with. */
      z.object({ kind: z.literal('fetch'), account: z.string(), link: z.string(), fileId: z.string() }),
      /** Renews Discord's links to these tasks' pictures, which MySQL holds. */
      z.object({ kind: z.literal('refresh'), taskIds: z.array(taskId) }),
    ]),
    { attempts: 1, removeOnComplete: { age: 60 }, removeOnFail: { age: hour, count: 100 } },
  ),

  /** Delivers one notice to a task's notify_hook. How often and when it is tried is decided where that is done. */
  notice: kind(z.object({ taskId, version: z.int(), userId: z.int() }), {
    attempts: 1_000_000,
    backoff: { type: 'custom' },
    stackTraceLimit: 1,
    removeOnComplete: { age: hour, count: 1_000 },
    removeOnFail: { age: 7 * day, count: 10_000 },
  }),

  /** Copies a finished picture from Discord into this service's store. About two days of attempts. */
  picture: kind(z.object({ taskId }), {
    attempts: 60,
    backoff: { type: 'custom' },
    stackTraceLimit: 1,
    removeOnComplete: { age: hour, count: 1_000 },
    removeOnFail: { age: day, count: 10_000 },
  }),

  /** Has the reconciler look for what got lost and what is old. */
  reconcile: kind(z.object({}), { removeOnComplete: { count: 10 }, removeOnFail: { count: 100 } }),
};

type JobData<Kind extends keyof typeof catalogue> = z.output<(typeof catalogue)[Kind]['data']>;
export type TaskJob = JobData<'task'>;
export type QuestionJob = JobData<'question'>;
export type UploadJob = JobData<'upload'>;
export type NoticeJob = JobData<'notice'>;
export type PictureJob = JobData<'picture'>;

/** What the worker that has an account can be asked, and what it answers. */
export interface Answers {
  /** Midjourney's `/info`. */
  info: AccountInfo;
  /** What Discord and Midjourney say of the account now. */
  check: DiscordFacts;
  /** Midjourney's `/settings`, after the settings that are named were changed. */
  settings: ChangedSettings;
  /** The seed of the picture of the task that is named. */
  seed: SeedAnswer;
}

/** `gone`: the picture's message is no longer in the channel. */
export type SeedAnswer = { seed: number } | 'gone';

interface UploadResult {
  account: string;
  uploadFilename: string;
  uploadUrl: string;
}

interface PostResult {
  imageUrl: string;
}

interface RefreshResult {
  renewed: number;
}

interface FetchResult {
  /** Of the file, which is in Redis. */
  bytes: number;
}

export type UploadJobResult = UploadResult | PostResult | RefreshResult | FetchResult;

/**
 * The data of a job, as they are in Redis.
 * @throws {UnrecoverableError} when they are not what this kind of job has: another attempt would find the same. What
 * the job was for is in MySQL, from which the reconciler adds it again.
 */
export function readJob<Data>({ data }: JobKind<Data>, job: Pick<Job<unknown>, 'name' | 'data'>): Data {
  const parsed = data.safeParse(job.data);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'data'}: ${message}`);
  throw new UnrecoverableError(`The data of the job "${job.name}" are not valid: ${issues.join('; ')}`);
}
