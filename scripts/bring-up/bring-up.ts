import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { ensureDemoUsers } from '../demo-users.ts';
import { checkDiscordCredentials } from '../discord-credentials.ts';
import { recordsDir } from '../launch.ts';
import type { RunningCopy } from '../run-file.ts';
import { screen } from '../screen.ts';
import { secretsKey } from '../secrets-key.ts';
import { endOrphanedServices } from '../services/local-services.ts';
import { installMissingServers } from '../services/programs.ts';
import { SecretsFile } from '../services/secrets-file.ts';
import { endOrphans } from '../services/server-process.ts';
import { simulatedDiscord } from '../simulated-discord.ts';
import { environmentHasProxy } from './environment-proxy.ts';
import type { BringUpOptions } from './options.ts';
import { requireFreePort, requireSpace } from './preconditions.ts';
import { productPrograms } from './programs.ts';
import { untilApiIsReady, watchReadiness } from './readiness.ts';
import { provideDatabase, provideRedis } from './services.ts';
import { startSimulator } from './simulator.ts';
import { Starter } from './starter.ts';
import { allSettledOrThrow, unlessAborted } from './waiting.ts';

const orphanGraceMs = 3000;

/**
 * Starts everything on this machine, each part as soon as what it needs is ready.
 * @throws Complaint for what the user must fix; everything started until then is in the fleet
 */
export async function bringUp(options: BringUpOptions): Promise<RunningCopy> {
  const { settings, signal } = options;
  const { dataDir } = settings;
  const secrets = new SecretsFile(path.join(dataDir, 'secrets.json'));
  requireSpace(dataDir);
  await requireFreePort(settings);
  await endOrphans(recordsDir(dataDir), orphanGraceMs);
  await endOrphanedServices(dataDir);
  installMissingServers({ mysql: !settings.database, redis: !settings.redisUrl }, screen.note);

  const starter = new Starter(options);
  const simulated = settings.discord
    ? undefined
    : await simulatedDiscord(secrets, { dataDir, drawMs: settings.simulatorDrawMs });
  const [db, redisUrl, gatewayUrl] = await allSettledOrThrow([
    provideDatabase(options, starter),
    provideRedis(options, starter),
    simulated && startSimulator(simulated, options.env, starter),
  ] as const);
  if (settings.discord && !(await environmentHasProxy(db)))
    await checkDiscordCredentials(settings.discord, signal);

  const webhookSecret = settings.webhookSecret ?? secrets.remember('webhookSecret', newWebhookSecret);
  const env: NodeJS.ProcessEnv = {
    ...options.env,
    DB_HOST: db.host,
    DB_PORT: String(db.port),
    DB_NAME: db.database,
    DB_USER: db.user,
    DB_PASSWORD: db.password,
    REDIS_URL: redisUrl,
    HOST: settings.host,
    PORT: String(settings.port),
    SECRETS_KEY: options.env.SECRETS_KEY || secretsKey(secrets),
    RESULT_WEBHOOK_SECRET: options.env.RESULT_WEBHOOK_SECRET || webhookSecret,
    RESULT_WEBHOOK_URL:
      options.env.RESULT_WEBHOOK_URL || `${settings.apiUrl}/v1/api/trigger/midjourney/result`,
    ...simulated?.clientEnv,
    // Lets glibc return the memory of decoded pictures to the system at once.
    MALLOC_TRIM_THRESHOLD_: '131072',
  };
  const [users] = await allSettledOrThrow([
    settings.database ? undefined : unlessAborted(ensureDemoUsers(db, secrets), signal),
    ...productPrograms(settings, env).map((program) => starter.start(program)),
  ] as const);
  await untilApiIsReady(settings.apiUrl, signal);
  starter.markAllStarted();
  watchReadiness(settings.apiUrl, signal, (warning) => starter.warn('api', warning));

  return {
    apiUrl: settings.apiUrl,
    ...users,
    webhookSecret,
    db,
    redisUrl,
    ...(simulated && gatewayUrl ? { simulator: { ...simulated.access, gatewayUrl } } : {}),
  };
}

/** In the form of the Standard Webhooks specification. */
function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
