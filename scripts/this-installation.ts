import path from 'node:path';
import { databaseConfig, loadConfig } from '@midjourney-api/shared/config/config';
import type { Installation } from './doctor/installation-facts.ts';
import { dataDirectory, loadEnvironmentFile } from './environment.ts';
import { readRunFile } from './run-file.ts';
import { SecretsFile } from './services/secrets-file.ts';

/**
 * The copy that `npm start` runs, if one does, else what the environment names.
 * @throws {ConfigError} that names every variable that is wrong
 */
export function readThisInstallation(env: NodeJS.ProcessEnv): Installation {
  loadEnvironmentFile(env);
  const config = loadConfig(env);
  const run = readRunFile(dataDirectory(env));
  const kept = new SecretsFile(path.join(dataDirectory(env), 'secrets.json')).get('secretsKey');
  return {
    config: { ...config, ...(run?.simulator && { DISCORD_API_URL: run.simulator.apiUrl }) },
    env,
    database: run?.db ?? databaseConfig(config),
    redisUrl: run?.redisUrl ?? config.REDIS_URL,
    resultWebhook: {
      url: run ? `${run.apiUrl}/v1/api/trigger/midjourney/result` : config.RESULT_WEBHOOK_URL,
      secret: run?.webhookSecret ?? config.RESULT_WEBHOOK_SECRET?.[0],
    },
    secretsKey: config.SECRETS_KEY ?? (kept === undefined ? undefined : Buffer.from(kept, 'base64')),
  };
}
