import { holdDefaultAccount } from '@midjourney-api/shared/accounts/account.fixture';
import { environmentAccount } from '@midjourney-api/shared/accounts/accounts';
import { environmentSchema } from '@midjourney-api/shared/config/config';
import { connectDatabase } from '@midjourney-api/shared/database/connect';
import { createLogger } from '@midjourney-api/shared/logging/logger';
import { openQueues } from '@midjourney-api/shared/queues/queues';
import { connectRedis } from '@midjourney-api/shared/redis';
import { changeTask } from '@midjourney-api/shared/tasks/change-task';
import type { TaskResult } from '@midjourney-api/shared/tasks/task';
import { openTaskChanges } from '@midjourney-api/shared/tasks/task-changes';
import { reportTaskEnds } from '@midjourney-api/shared/tasks/task-ends';
import { createTaskIds, isTaskId, type TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { TaskEvent } from '@midjourney-api/shared/tasks/transition';
import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import { createUser } from '@midjourney-api/shared/users/users';
import { inject } from 'vitest';
import { createMigratedDatabase, testPrefix } from '../../../test/database.ts';
import { createApp } from '../app.ts';
import { systemClock } from '../clock.ts';
import { openBannedWords } from '../commands/prompts/banned-words.ts';
import { openModels } from '../commands/prompts/models/models.ts';
import { openUploadEvents } from '../commands/upload/upload-events.ts';
import type { Dependencies } from '../dependencies.ts';
import { apiPrefix } from '../http/app-env.ts';
import { createApiMetrics } from '../metrics/api-metrics.ts';
import { createAccountDownload } from '../pictures/account-download.ts';
import { createPictures, openPictureStore } from '../pictures/open-pictures.ts';
import { createFreshLinks } from '../queries/fresh-links.ts';

export const webhookSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** Any answer of the api, as far as tests look into it. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: {
    trigger_id: string;
    code: string;
    detail: string;
    status: string | number;
    token_use: number;
    data: TaskView[];
    next_cursor: string | null;
    [field: string]: unknown;
  };
}

export interface TestClient {
  appKey: string;
  userName: string;
  get(path: string, init?: RequestInit): Promise<Answer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = text !== '' && /json/.test(response.headers.get('Content-Type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  };
}

/** The app on a database and a part of Redis of its own, with real services behind it. */
export async function openTestApi(settings: Record<string, string> = {}) {
  const services = inject('services');
  const database = await createMigratedDatabase();
  const connection = connectDatabase(database);
  const { db } = connection;
  // The worker of the stories below: it holds the account's first lease, whose fence is 1.
  await holdDefaultAccount(db);
  const config = environmentSchema.parse({
    RESULT_WEBHOOK_SECRET: webhookSecret,
    REDIS_PREFIX: testPrefix(),
    REDIS_URL: services.redisUrl,
    // What is not about pictures leaves none behind.
    IMAGE_STORE: 'none',
    ...settings,
  });
  const logged: Record<string, unknown>[] = [];
  const log = createLogger('api', 'debug', { write: (line) => logged.push(JSON.parse(line)) });
  const redis = connectRedis(config.REDIS_URL, log);
  await new Promise((resolve) => redis.once('ready', resolve));
  const queues = openQueues(redis, config.REDIS_PREFIX);
  const changes = await openTaskChanges(redis, config.REDIS_PREFIX, log);
  const uploadEvents = openUploadEvents(redis, config.REDIS_PREFIX);
  const stopping = new AbortController();
  const metrics = createApiMetrics();
  const store = openPictureStore(config);
  const deps: Dependencies = {
    config,
    db,
    redis,
    queues,
    uploadEvents,
    changes,
    pictures:
      store && createPictures(store, createAccountDownload({ config, db, redis, queues, uploadEvents })),
    freshLinks: createFreshLinks({ config, db, queues, uploadEvents, log, clock: systemClock }),
    bannedWords: openBannedWords(config.BANNED_WORDS_FILE, log),
    models: openModels(config.MODELS_FILE, log),
    metrics,
    taskEnded: reportTaskEnds(metrics.refunds, log),
    newTaskId: createTaskIds(),
    log,
    clock: systemClock,
    stopping: stopping.signal,
  };
  const app = createApp(deps);

  return {
    app,
    deps,
    logged,
    stopping,
    /** A user of its own and a client that sends their key. */
    async client(
      userName: string,
      tokenTotal = 100,
      role: 'user' | 'operator' = 'user',
    ): Promise<TestClient> {
      const { appKey } = await createUser(db, { userName, tokenTotal, role });
      const authorization = { Authorization: `Bearer ${appKey}` };
      return {
        appKey,
        userName,
        get: async (path, init = {}) =>
          readAnswer(
            await app.request(apiPrefix + path, { ...init, headers: { ...authorization, ...init.headers } }),
          ),
        post: async (path, body, headers = {}) =>
          readAnswer(
            await app.request(apiPrefix + path, {
              method: 'POST',
              headers: { ...authorization, 'Content-Type': 'application/json', ...headers },
              body: typeof body === 'string' ? body : JSON.stringify(body),
            }),
          ),
      };
    },
    /** Makes things happen to a task as a worker would. */
    async happen(id: string, ...events: TaskEvent[]): Promise<void> {
      for (const event of events) await changeTask(deps, taskId(id), event);
    },
    async close(): Promise<void> {
      stopping.abort();
      await Promise.all([changes.close(), queues.close(), uploadEvents.close()]);
      redis.disconnect();
      await connection.close();
      await database.drop();
    },
  };
}

export type TestApi = Awaited<ReturnType<typeof openTestApi>>;

export function taskId(id: string): TaskId {
  if (!isTaskId(id)) throw new Error(`${id} is no task id`);
  return id;
}

/** A worker's story of a task that Midjourney took. */
export function sent(account = environmentAccount): TaskEvent[] {
  return [
    {
      type: 'sending',
      account,
      fence: 1,
      nonce: '1',
      formerNonce: null,
      sentAfterMessageId: '0',
      exclusiveKey: null,
    },
    { type: 'submitted' },
  ];
}

export const gridHash = '39d7cf9f-c2f0-4adf-a124-0020fb9f867f';

let messages = 1_279_000_000_000_000_000n;

/** A grid of four as Midjourney finishes it, in a message of its own. */
export function finishedGrid(messageId = String(messages++), hash = gridHash): TaskEvent {
  const result: TaskResult = {
    messageId,
    messageFlags: 0,
    messageHash: hash,
    imageUrl: `https://cdn.example/grid_${hash}.png`,
    mediaType: 'image/png',
    width: 1024,
    height: 1024,
    buttons: [
      ...[1, 2, 3, 4].map((index) => ({
        label: `U${index}`,
        custom_id: `MJ::JOB::upsample::${index}::${hash}`,
        action: 'upscale',
      })),
      ...[1, 2, 3, 4].map((index) => ({
        label: `V${index}`,
        custom_id: `MJ::JOB::variation::${index}::${hash}`,
        action: 'variation',
      })),
      { label: '🔄', custom_id: `MJ::JOB::reroll::0::${hash}::SOLO`, action: 'reset' },
    ],
    texts: null,
  };
  return { type: 'succeeded', result };
}
