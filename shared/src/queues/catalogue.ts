import { type Job, type JobsOptions, UnrecoverableError } from 'bullmq';
import { z } from 'zod';
import type { AccountInfo } from '../accounts/account-info.ts';
import { type ChangedSettings, wantedSettingsSchema } from '../accounts/midjourney-settings.ts';
import type { DiscordFacts } from '../doctor/discord-facts.ts';
import { isTaskId, type TaskId } from '../tasks/task-id.ts';

interface JobKind<Data> {
  /** The schema of its data. Operators see them, so they must contain no secret. */
  data: z.ZodType<Data>;
  options: JobsOptions;
}

const kind = <Data>(data: z.ZodType<Data>, options: JobsOptions): JobKind<Data> => ({ data, options });

const taskId = z.custom<TaskId>((value) => typeof value === 'string' && isTaskId(value), 'not a task id');

const hour = 3_600;
const day = 24 * hour;

/** Every kind of job in Redis. What MySQL knows is read from there, not from the job. */
export const catalogue = {
  /** Runs a task. Bull Board shows it under the kind of the task. */
  task: kind(
    z.object({
      taskId,
      /** For people who look at the queue: the owner, and the beginning of the prompt. */
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
   * A question to the worker that has an account, named after the question. The answer is the job's result, for which the
   * caller waits.
   */
  question: kind(z.object({ taskId: taskId.optional(), settings: wantedSettingsSchema.optional() }), {
    attempts: 1,
    removeOnComplete: { age: 60 },
    removeOnFail: { age: 60 },
  }),

  /** Uploads files to Discord, or renews links. The answer is the job's result. */
  upload: kind(
    z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('upload'),
        uploadId: taskId,
        filename: z.string(),
        contentType: z.string(),
        size: z.number(),
        /** The account whose channel it must be in; any account's if left out. */
        account: z.string().optional(),
      }),
      z.object({
        kind: z.literal('post'),
        account: z.string(),
        uploadFilename: z.string(),
        filename: z.string(),
      }),
      /** Downloads a file from Discord for the api, through the proxy of the account that drew it. */
      z.object({ kind: z.literal('fetch'), account: z.string(), link: z.string(), fileId: z.string() }),
      /** Renews Discord's links to the pictures of these tasks. */
      z.object({ kind: z.literal('refresh'), taskIds: z.array(taskId) }),
    ]),
    { attempts: 1, removeOnComplete: { age: 60 }, removeOnFail: { age: hour, count: 100 } },
  ),

  /** Delivers one notice to a task's notify_hook. The worker decides how often and when to retry. */
  notice: kind(z.object({ taskId, version: z.int(), userId: z.int() }), {
    attempts: 1_000_000,
    backoff: { type: 'custom' },
    stackTraceLimit: 1,
    removeOnComplete: { age: hour, count: 1_000 },
    removeOnFail: { age: 7 * day, count: 10_000 },
  }),

  /** Copies a finished picture from Discord into the store. Retried for about two days. */
  picture: kind(z.object({ taskId }), {
    attempts: 60,
    backoff: { type: 'custom' },
    stackTraceLimit: 1,
    removeOnComplete: { age: hour, count: 1_000 },
    removeOnFail: { age: day, count: 10_000 },
  }),

  /** Runs the reconciler: repairs what was lost, and deletes what is old. */
  reconcile: kind(z.object({}), { removeOnComplete: { count: 10 }, removeOnFail: { count: 100 } }),
};

type JobData<Kind extends keyof typeof catalogue> = z.output<(typeof catalogue)[Kind]['data']>;
export type TaskJob = JobData<'task'>;
export type QuestionJob = JobData<'question'>;
export type UploadJob = JobData<'upload'>;
export type NoticeJob = JobData<'notice'>;
export type PictureJob = JobData<'picture'>;

/** The questions to the worker that has an account, and their answers. */
export interface Answers {
  /** Midjourney's `/info`. */
  info: AccountInfo;
  /** What Discord and Midjourney say about the account now. */
  check: DiscordFacts;
  /** Midjourney's `/settings`, after changing the given settings. */
  settings: ChangedSettings;
  /** The seed of the picture of the given task. */
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
  /** The size of the file, which is in Redis. */
  bytes: number;
}

export type UploadJobResult = UploadResult | PostResult | RefreshResult | FetchResult;

/**
 * The validated data of a job.
 * @throws {UnrecoverableError} if they do not match the schema: another attempt would find the same. MySQL knows what the
 * job was for, and the reconciler adds it again.
 */
export function readJob<Data>({ data }: JobKind<Data>, job: Pick<Job<unknown>, 'name' | 'data'>): Data {
  const parsed = data.safeParse(job.data);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'data'}: ${message}`);
  throw new UnrecoverableError(`The data of the job "${job.name}" are not valid: ${issues.join('; ')}`);
}
