import { setMaxListeners } from 'node:events';
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { type Config, ConfigError, databaseConfig, loadConfig } from '@midjourney-api/shared/config/config';
import { doubtfulLinks, doubtfulSettings } from '@midjourney-api/shared/config/doubtful-settings';
import { connectDatabase } from '@midjourney-api/shared/database/connect';
import { countLostLines, openLogOutput } from '@midjourney-api/shared/logging/log-output';
import { createLogger } from '@midjourney-api/shared/logging/logger';
import { openQueues } from '@midjourney-api/shared/queues/queues';
import { connectRedis } from '@midjourney-api/shared/redis';
import { openTaskChanges } from '@midjourney-api/shared/tasks/task-changes';
import { reportTaskEnds } from '@midjourney-api/shared/tasks/task-ends';
import { createTaskIds } from '@midjourney-api/shared/tasks/task-id';
import { collectDefaultMetrics } from 'prom-client';
import { createApp } from './app.ts';
import { systemClock } from './clock.ts';
import { openBannedWords } from './commands/prompts/banned-words.ts';
import { openModels } from './commands/prompts/models/models.ts';
import { openUploadEvents } from './commands/upload/upload-events.ts';
import { oneAtATime } from './http/server/one-at-a-time.ts';
import { answerBrokenRequests, serverLimits } from './http/server/server-limits.ts';
import { stopServer } from './http/server/stop-server.ts';
import { createApiMetrics } from './metrics/api-metrics.ts';
import { createAccountDownload } from './pictures/account-download.ts';
import { createPictures, openPictureStore } from './pictures/open-pictures.ts';
import { startPictureCopies } from './pictures/start-copies.ts';
import { createFreshLinks } from './queries/fresh-links.ts';
import { startReconciler } from './reconciler/reconciler.ts';
import { withTimeLimit } from './time-limit.ts';

const config = orExit(readConfig);
const pictureStore = orExit(() => openPictureStore(config));
const logOutput = openLogOutput();
const log = createLogger('api', config.LOG_LEVEL, logOutput);
const bannedWords = orExit(() => openBannedWords(config.BANNED_WORDS_FILE, log));
const models = orExit(() => openModels(config.MODELS_FILE, log));
for (const doubt of [...doubtfulSettings(process.env), ...doubtfulLinks(config)]) log.warn(doubt);
if (!config.RESULT_WEBHOOK_SECRET) {
  log.warn(
    'RESULT_WEBHOOK_UNSIGNED=1: ANYONE who reaches this server can make up results. Never do this in production.',
  );
}

const database = connectDatabase(databaseConfig(config));
const redis = connectRedis(config.REDIS_URL, log);
const queues = openQueues(redis, config.REDIS_PREFIX);
const changes = await openTaskChanges(redis, config.REDIS_PREFIX, log);
const uploadEvents = openUploadEvents(redis, config.REDIS_PREFIX);
const metrics = createApiMetrics();
collectDefaultMetrics({ register: metrics.registry });
countLostLines(metrics.registry, logOutput);
const stopping = new AbortController();
// Each waiting request adds a listener.
setMaxListeners(0, stopping.signal);
const connections = { config, db: database.db, redis, queues, uploadEvents };
const deps = {
  ...connections,
  changes,
  pictures: pictureStore && createPictures(pictureStore, createAccountDownload(connections)),
  freshLinks: createFreshLinks({ config, db: database.db, queues, uploadEvents, log, clock: systemClock }),
  bannedWords,
  models,
  metrics,
  taskEnded: reportTaskEnds(metrics.refunds, log),
  newTaskId: createTaskIds(),
  log,
  logOutput,
  clock: systemClock,
  stopping: stopping.signal,
};
const reconciler = startReconciler(deps);
const { pictures } = deps;
const pictureCopies = pictures && startPictureCopies({ ...deps, pictures });

const app = createApp(deps);
const server = createServer(serverLimits(config), oneAtATime(getRequestListener(app.fetch)));
server.listen(config.PORT, config.HOST, () => log.info(server.address(), 'api is listening'));
answerBrokenRequests(server);
server.on('error', (error: NodeJS.ErrnoException) => {
  if (error.syscall !== 'listen') throw error;
  exitWith(
    error.code === 'EADDRINUSE'
      ? `Port ${config.PORT} is taken by another process. Stop it, or set PORT to a free one.`
      : `Cannot listen on ${config.HOST}:${config.PORT}: ${error.message}`,
  );
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, async () => {
    // Ctrl-C arrives twice: from the terminal, and from the supervisor.
    if (stopping.signal.aborted) return;
    log.info({ signal }, 'api is stopping');
    // The process has ten seconds to stop, even if a connection does not close.
    setTimeout(() => process.exit(1), 9_500).unref();
    stopping.abort();
    await stopServer(server, 7_000);
    // Closing these waits for Redis, which may be unreachable.
    await withTimeLimit(
      Promise.allSettled([
        reconciler.close(),
        pictureCopies?.close(),
        uploadEvents.close(),
        changes.close(),
        queues.close(),
      ]),
      1_500,
    ).catch((err) => log.debug({ err }, 'redis did not answer while stopping'));
    redis.disconnect();
    await database.close();
    log.info('api has stopped');
    process.exit(0);
  });
}

function readConfig(): Config {
  const config = loadConfig(process.env);
  if (config.PROMPT_HOOK && !config.PROMPT_HOOK_SECRET) {
    throw new ConfigError(
      'PROMPT_HOOK_SECRET: must be set, because requests to PROMPT_HOOK are signed with it (make one with: echo whsec_$(openssl rand -base64 32)).',
    );
  }
  if (config.RESULT_WEBHOOK_SECRET || config.RESULT_WEBHOOK_UNSIGNED) return config;
  throw new ConfigError(
    'RESULT_WEBHOOK_SECRET: must be set (make one with: echo whsec_$(openssl rand -base64 32)), or set RESULT_WEBHOOK_UNSIGNED=1 for a trial.',
  );
}

/** @returns what was opened. An error in the configuration ends the process with a line for people. */
function orExit<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (error instanceof ConfigError) return exitWith(error.message);
    throw error;
  }
}

function exitWith(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
