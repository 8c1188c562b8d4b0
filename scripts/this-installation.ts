import path from 'node:path';
import { type Config, databaseConfig, loadConfig } from '@midjourney-api/shared/config/config';
import type { Installation } from './doctor/installation-facts.ts';
import { dataDirectory, loadEnvironmentFile } from './environment.ts';
import { type RunFile, readRunFile } from './run-file.ts';
import { SecretsFile } from './services/secrets-file.ts';
import { listenAddress } from './start-settings.ts';

type Simulated = NonNullable<RunFile['simulator']>;

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
    config: {
      ...config,
      ...(run && { HOST: listenAddress(env) }),
      ...(run?.simulator && simulatedAccount(run.simulator)),
    },
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

/** As `npm start` gives it to its workers. */
function simulatedAccount({ apiUrl, userToken, botToken, guildId, channelId }: Simulated): Partial<Config> {
  return {
    DISCORD_API_URL: apiUrl,
    DISCORD_USER_TOKEN: userToken,
    DISCORD_BOT_TOKEN: botToken,
    DISCORD_GUILD_ID: guildId,
    DISCORD_CHANNEL_ID: channelId,
  };
}
