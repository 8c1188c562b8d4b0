import { hostname } from 'node:os';
import { type Config, ConfigError, databaseConfig, loadConfig } from '@midjourney-api/shared/config/config';
import { doubtfulSettings } from '@midjourney-api/shared/config/doubtful-settings';
import { connectDatabase } from '@midjourney-api/shared/database/connect';
import { countLostLines, openLogOutput } from '@midjourney-api/shared/logging/log-output';
import { createLogger } from '@midjourney-api/shared/logging/logger';
import { publishWorkerMetrics } from '@midjourney-api/shared/metrics/worker-metrics';
import { openQueues } from '@midjourney-api/shared/queues/queues';
import { connectRedis } from '@midjourney-api/shared/redis';
import { openTaskChanges } from '@midjourney-api/shared/tasks/task-changes';
import { reportTaskEnds } from '@midjourney-api/shared/tasks/task-ends';
import { collectDefaultMetrics } from 'prom-client';
import { readEnvironmentAccount } from './accounts/pool/environment-account.ts';
import type { Dependencies } from './dependencies.ts';
import type { DiscordAccount } from './discord/discord-account.ts';
import { createWorkerMetrics } from './metrics.ts';
import { startOperatorNotices } from './notices/operator-notices.ts';
import { startNotices } from './notices/start-notices.ts';
import { startWorker } from './worker.ts';

/** Entry of a worker process: reads the configuration, connects, works until it is stopped. */

const stopWithin = 8_000;

function readEnvironment(): { config: Config; account: DiscordAccount | undefined } {
  const config = loadConfig(process.env);
  if (!config.RESULT_WEBHOOK_SECRET && !config.RESULT_WEBHOOK_UNSIGNED) {
    throw new ConfigError(
      'RESULT_WEBHOOK_SECRET: set it to the same secret as the api, or RESULT_WEBHOOK_UNSIGNED=1 for a trial',
    );
  }
  if (config.OPERATOR_HOOK && !config.OPERATOR_HOOK_SECRET) {
    throw new ConfigError(
      'OPERATOR_HOOK_SECRET: set it, so that what is posted to OPERATOR_HOOK is signed (make one with: echo whsec_$(openssl rand -base64 32))',
    );
  }
  const account = readEnvironmentAccount(config);
  if (!account && !config.SECRETS_KEY) {
    throw new ConfigError(
      'DISCORD_USER_TOKEN, DISCORD_BOT_TOKEN, DISCORD_GUILD_ID, DISCORD_CHANNEL_ID: set all four to use that account (three with DISCORD_SESSION=user), or SECRETS_KEY to use those that "npm run accounts" keeps',
    );
  }
  return { config, account };
}

async function main() {
  const { config, account } = readEnvironment();
  const logOutput = openLogOutput();
  const log = createLogger('worker', config.LOG_LEVEL, logOutput);
  for (const doubt of doubtfulSettings(process.env)) log.warn(doubt);
  const database = connectDatabase(databaseConfig(config));
  const redis = connectRedis(config.REDIS_URL, log, { waiting: true });
  const queues = openQueues(redis, config.REDIS_PREFIX);
  const changes = await openTaskChanges(redis, config.REDIS_PREFIX, log);
  const workerId = `${hostname()}-${process.pid}`;
  const metrics = createWorkerMetrics(workerId);
  collectDefaultMetrics({ register: metrics.registry });
  countLostLines(metrics.registry, logOutput);
  const dependencies: Dependencies = {
    config,
    db: database.db,
    redis,
    queues,
    changes,
    metrics,
    taskEnded: reportTaskEnds(metrics.refunds, log),
    log,
  };
  const parts = [
    publishWorkerMetrics({ registry: metrics.registry, redis, prefix: config.REDIS_PREFIX, workerId, log }),
    startNotices(dependencies),
    startOperatorNotices(dependencies),
    startWorker(account, dependencies),
  ];
  log.info({ account: account?.name, concurrency: account?.concurrency }, 'worker started');

  let stopping = false;
  const shutDown = async () => {
    if (stopping) return;
    stopping = true;
    log.info('worker stopping');
    setTimeout(() => process.exit(1), stopWithin).unref();
    // They work with the connections, and need not wait for one another.
    await Promise.all(parts.map((stop) => stop()));
    await changes.close();
    await queues.close();
    redis.disconnect();
    await database.close();
    process.exit(0);
  };
  process.on('SIGTERM', shutDown);
  process.on('SIGINT', shutDown);
}

main().catch((error) => {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
});
