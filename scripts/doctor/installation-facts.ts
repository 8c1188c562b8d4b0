import { countSealedAccounts } from '@midjourney-api/shared/accounts/accounts';
import { type Config, ConfigError, type DatabaseConfig } from '@midjourney-api/shared/config/config';
import { doubtfulLinks, doubtfulSettings } from '@midjourney-api/shared/config/doubtful-settings';
import type { Database } from '@midjourney-api/shared/database/connect';
import { countPendingMigrations } from '@midjourney-api/shared/database/migrate';
import { createLogger } from '@midjourney-api/shared/logging/logger';
import { signatureHeaders } from '@midjourney-api/shared/results/signature';
import { openBannedWords } from '../../api/src/commands/prompts/banned-words.ts';
import { openModels } from '../../api/src/commands/prompts/models/models.ts';
import { oneLine } from '../complaint.ts';
import { pingRedis } from '../services/redis.ts';

/** An installation: its databases and its settings. */
export interface Installation {
  config: Config;
  env: NodeJS.ProcessEnv;
  database: DatabaseConfig;
  redisUrl: string;
  resultWebhook: { url: string; secret: string | undefined };
  secretsKey: Buffer | undefined;
}

/** The facts about an installation: input for the findings. */
export interface InstallationFacts {
  mysql: { address: string; failure: string | null };
  /** null: unknown without MySQL. */
  pendingMigrations: number | null;
  redis: { address: string; failure: string | null };
  /** Accounts whose tokens are sealed in MySQL. */
  sealedAccounts: number;
  hasSecretsKey: boolean;
  resultWebhook: { url: string; hasSecret: boolean; answer: WebhookAnswer };
  /** Why each of the api's files cannot be read; null: it can. */
  files: { bannedWords: string | null; models: string | null };
  /** Settings that look like mistakes, and links that nobody else can open, as sentences. */
  doubts: string[];
}

/** The answer to an empty signed result: the code of the refusal, another answer, or none. */
type WebhookAnswer = { code: string } | { status: number } | { failure: string };

const answerWithinMs = 5_000;

/** Checks everything that the accounts need; changes nothing. */
export async function readInstallation(
  { config, env, database, redisUrl, resultWebhook, secretsKey }: Installation,
  db: Database,
): Promise<InstallationFacts> {
  const log = createLogger('doctor', 'silent');
  const [mysql, redis, answer, bannedWords, models] = await Promise.all([
    answered(() => countPendingMigrations(db)),
    failureOf(() => pingRedis(redisUrl)),
    askResultWebhook(resultWebhook),
    failureOf(async () => openBannedWords(config.BANNED_WORDS_FILE, log)),
    failureOf(async () => openModels(config.MODELS_FILE, log)),
  ]);
  const pendingMigrations = 'value' in mysql ? mysql.value : null;
  return {
    mysql: { address: `${database.host}:${database.port}`, failure: 'value' in mysql ? null : mysql.message },
    pendingMigrations,
    redis: { address: new URL(redisUrl).host, failure: redis },
    sealedAccounts: pendingMigrations === 0 ? await countSealedAccounts(db) : 0,
    hasSecretsKey: secretsKey !== undefined,
    resultWebhook: { url: resultWebhook.url, hasSecret: resultWebhook.secret !== undefined, answer },
    files: { bannedWords, models },
    doubts: [...doubtfulSettings(env), ...doubtfulLinks(config)],
  };
}

/** Posts an empty result: the api refuses it because of its signature or its contents, and changes nothing. */
async function askResultWebhook({ url, secret }: Installation['resultWebhook']): Promise<WebhookAnswer> {
  const body = '{}';
  const outcome = await answered(() =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(secret && signatureHeaders(secret, body)) },
      body,
      signal: AbortSignal.timeout(answerWithinMs),
    }),
  );
  if ('message' in outcome) return { failure: outcome.message };
  const problem: unknown = await outcome.value.json().catch(() => null);
  const code = typeof problem === 'object' && problem !== null && 'code' in problem && problem.code;
  return typeof code === 'string' ? { code } : { status: outcome.value.status };
}

/** @returns why it failed; null if it did not. */
async function failureOf(attempt: () => Promise<unknown>): Promise<string | null> {
  const outcome = await answered(attempt);
  return 'value' in outcome ? null : outcome.message;
}

/** The reason of a failed query or request is in its cause; that of a wrong setting is in the error itself. */
async function answered<T>(ask: () => Promise<T>): Promise<{ value: T } | { message: string }> {
  try {
    return { value: await ask() };
  } catch (error) {
    const hasOwnWords = error instanceof ConfigError || !(error instanceof Error) || !error.cause;
    return { message: oneLine(hasOwnWords ? error : error.cause) };
  }
}
