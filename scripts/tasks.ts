import { loadConfig } from '@midjourney-api/shared/config/config';
import { createLogger } from '@midjourney-api/shared/logging/logger';
import { openQueues } from '@midjourney-api/shared/queues/queues';
import { connectRedis } from '@midjourney-api/shared/redis';
import { openTaskChanges } from '@midjourney-api/shared/tasks/task-changes';
import { endWithComplaint } from './complaint.ts';
import { dataDirectory } from './environment.ts';
import { readRunFile } from './run-file.ts';
import { shellActor } from './shell-actor.ts';
import type { Schedule } from './tasks/program.ts';
import { tasksProgram } from './tasks/program.ts';
import { withDatabase } from './with-database.ts';

/** Opens the schedule of the running copy, or else of the environment. Without Redis nothing waits for it. */
async function withSchedule<T>(use: (schedule: Schedule) => Promise<T>): Promise<T> {
  const config = loadConfig(process.env);
  const url = readRunFile(dataDirectory(process.env))?.redisUrl ?? config.REDIS_URL;
  const log = createLogger('tasks', 'silent');
  const redis = connectRedis(url, log);
  const queues = openQueues(redis, config.REDIS_PREFIX);
  const changes = await openTaskChanges(redis, config.REDIS_PREFIX, log);
  try {
    return await use({ queues, changes });
  } finally {
    await changes.close();
    await queues.close().catch(() => {});
    redis.disconnect();
  }
}

tasksProgram({
  withDatabase,
  withSchedule,
  print: (text) => process.stdout.write(text),
  actor: shellActor(),
})
  .parseAsync()
  .catch(endWithComplaint);
