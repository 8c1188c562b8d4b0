import { answered } from './http/answered.ts';
import { type ClientOptions, type Connection, connect } from './http/connection.ts';
import { createIdempotencyKey } from './http/idempotency-key.ts';
import { operatorRoutes } from './routes/operators.ts';
import { itemsOf } from './routes/pages.ts';
import { submitPaths, submitTask } from './routes/submit.ts';
import type { QueryOf, RequestOf, RequestOptions, SubmitName, SubmitOptions } from './routes/types.ts';
import type { CheckedPrompt, Me, PromptToCheck, Uploaded, Usage } from './schema.ts';
import { fetchPicture, type PictureOptions } from './tasks/picture.ts';
import { type KnownTask, TaskHandle } from './tasks/task-handle.ts';
import { verifyHook } from './verify-hook.ts';

export type MidjourneyClient = ReturnType<typeof createClient>;

/** Creates a client of the service at this address. Opens no connection: each method sends its own request. */
export function createClient(options: ClientOptions) {
  const connection = connect(options);
  const { raw } = connection;
  return {
    ...submitMethods(connection),

    /** Submits to any route by its path, for example one that is newer than this package. */
    submit: (path: string, body: object, options?: SubmitOptions) =>
      submitAndFollow(connection, path, body, options),

    /** A handle for a task of yours by its id. Sends no request; `refresh()` and `follow()` do. */
    task: (id: string) => new TaskHandle(connection, id),

    /** Your tasks, newest first, fetched page by page; `limit` is the size of a page. */
    tasks: (query: Omit<QueryOf<'listTasks'>, 'cursor'> = {}, { signal }: RequestOptions = {}) =>
      knownTasks(connection, query, signal),

    /** Checks whether Midjourney would refuse a prompt, and why. */
    checkPrompt: (prompt: PromptToCheck, { signal }: RequestOptions = {}): Promise<CheckedPrompt> =>
      answered(raw.POST('/v1/api/trigger/prompts/check', { body: prompt, signal })),

    /** Uploads a picture, to describe it, to blend it, or to use it as an image prompt. */
    upload: (
      body: RequestOf<'upload'>,
      { idempotencyKey = createIdempotencyKey(), signal }: SubmitOptions = {},
    ): Promise<Uploaded> =>
      answered(
        raw.POST('/v1/api/trigger/upload', {
          params: { header: { 'idempotency-key': idempotencyKey } },
          body,
          signal,
        }),
      ),

    /** A link to an uploaded picture, for `picurl`; it expires after about a day. */
    pictureLink: async (uploadFilename: string, { signal }: RequestOptions = {}): Promise<string> => {
      const body = { upload_filename: uploadFilename };
      return (await answered(raw.POST('/v1/api/trigger/message', { body, signal }))).picurl;
    },

    /** Fetches a picture or video by a link of a task: `image_url`, `preview_url` or `poster_url`. */
    picture: (url: string, options?: PictureOptions) => fetchPicture(connection, url, options),

    /** Your name and your tokens. */
    me: ({ signal }: RequestOptions = {}): Promise<Me> => answered(raw.GET('/v1/api/trigger/me', { signal })),

    /** Tokens used, by kind of task. */
    usage: (query: QueryOf<'getUsage'> = {}, { signal }: RequestOptions = {}): Promise<Usage> =>
      answered(raw.GET('/v1/api/trigger/usage', { params: { query }, signal })),

    ...operatorRoutes(connection),
    verifyHook,

    /** All routes by path, with the whole response: https://openapi-ts.dev/openapi-fetch. Retries as the methods do. */
    raw,
  };
}

type SubmitMethods = {
  [Name in SubmitName]: (body: RequestOf<Name>, options?: SubmitOptions) => Promise<TaskHandle>;
};

/** One method per route that submits a task. */
function submitMethods(connection: Connection): SubmitMethods {
  const methods = Object.entries(submitPaths).map(([name, path]) => [
    name,
    (body: object, options?: SubmitOptions) => submitAndFollow(connection, path, body, options),
  ]);
  return Object.fromEntries(methods);
}

async function submitAndFollow(
  connection: Connection,
  path: string,
  body: object,
  options?: SubmitOptions,
): Promise<TaskHandle> {
  const { trigger_id: id } = await submitTask(connection, path, body, options);
  return new TaskHandle(connection, id);
}

async function* knownTasks(
  connection: Connection,
  query: QueryOf<'listTasks'>,
  signal?: AbortSignal,
): AsyncGenerator<KnownTask, void, void> {
  const readPage = (cursor: string | undefined) =>
    answered(
      connection.raw.GET('/v1/api/trigger/tasks', {
        params: { query: cursor === undefined ? query : { ...query, cursor } },
        signal,
      }),
    );
  for await (const task of itemsOf(readPage))
    yield new TaskHandle(connection, task.trigger_id, task) as KnownTask;
}
