import { z } from 'zod';
import { plainIssues } from './plain-issues.ts';

/**
 * Every environment variable that the api and the worker read: its check, its default and its meaning.
 * `.env.example` is kept equal to this by a test. An empty variable counts as not set.
 */

const port = z.coerce.number().int().min(1).max(65_535);
const count = z.coerce.number().int().min(1);
const milliseconds = z.coerce.number().int().min(1);
/** 0 switches it off. */
const limit = z.coerce.number().int().min(0);
const flag = z.enum(['0', '1']).transform((value) => value === '1');
const webhookSecrets = z
  .string()
  .transform((list) => list.split(/\s+/).filter(Boolean))
  .refine(
    (secrets) => secrets.every((secret) => /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/.test(secret)),
    'must be "whsec_" followed by at least 24 random bytes in base64 (make one with: echo whsec_$(openssl rand -base64 32))',
  );
const origins = z
  .string()
  .transform((list) => list.split(/[\s,]+/).filter(Boolean))
  .refine(
    (list) =>
      list.every((origin) => origin === '*' || (URL.canParse(origin) && new URL(origin).origin === origin)),
    'must be origins such as https://app.example, separated by spaces, or *',
  );

export const environmentSchema = z.object({
  DB_HOST: z.string().default('localhost').describe('MySQL 8 or MariaDB 10.11 host'),
  DB_PORT: port.default(3306).describe('its port'),
  DB_NAME: z.string().default('luban_v2v').describe('database; tables are created by the migrations'),
  DB_USER: z.string().default('root').describe('its user'),
  DB_PASSWORD: z.string().default('').describe('its password'),
  DB_POOL_SIZE: count.default(10).describe('connections that each process may open to MySQL'),
  DB_TIMEOUT_MS: milliseconds
    .default(10_000)
    .describe('longest wait for a connection to MySQL, and for its answer, before a request gets 503'),

  REDIS_URL: z
    // Anything else ioredis would take for the name of a socket's file, and put it into its error, password and all.
    .url({ protocol: /^rediss?$/, error: 'must begin with redis:// or rediss://' })
    .default('redis://localhost:6379')
    .describe('Redis 7, with password if it has one: redis://:password@host:6379'),
  REDIS_PREFIX: z
    .string()
    .regex(/^[\w-]+$/, 'may only hold letters, digits, - and _')
    .default('midjourney')
    .describe('first part of every Redis key, so that several installations can share one Redis'),

  HOST: z
    .string()
    .default('0.0.0.0')
    .describe('address that the api listens on; `npm start` listens on 127.0.0.1 unless it is set'),
  PORT: port.default(8086).describe('port that the api listens on'),
  PUBLIC_URL: z
    .url()
    .optional()
    .describe(
      'address under which clients reach the api, for links to pictures and in its documentation; hooks get http://localhost without it',
    ),
  TRUST_PROXY: limit
    .default(0)
    .describe('proxies in front of the api that add the address of their client to X-Forwarded-For'),
  CORS_ORIGINS: origins
    .optional()
    .describe('origins of web pages that may call the api from a browser, separated by spaces; * for all'),
  MCP: flag.default(true).describe('0 switches /mcp off, by which AI assistants use the api'),
  RATE_LIMIT_PER_KEY: limit.default(6_000).describe('requests per minute with one app_key; 0 for no limit'),
  RATE_LIMIT_PER_ADDRESS: limit
    .default(12_000)
    .describe('requests per minute from one address; 0 for no limit'),
  AUTH_FAILURES_PER_ADDRESS: limit
    .default(60)
    .describe('wrong keys per minute from one address before it is refused; 0 for no limit'),
  REQUEST_TIMEOUT_MS: milliseconds
    .default(120_000)
    .describe(
      'how long a client may take to send a whole request, uploads included; for its headers 15 s at most',
    ),

  RESULT_WEBHOOK_SECRET: webhookSecrets
    .optional()
    .describe(
      'signs what the worker tells the api; two separated by a space while you change it, the first one signs',
    ),
  RESULT_WEBHOOK_UNSIGNED: flag
    .default(false)
    .describe('1 accepts unsigned results when there is no secret: for trials on a machine of your own only'),
  RESULT_WEBHOOK_URL: z
    .url()
    .default('http://127.0.0.1:8086/v1/api/trigger/midjourney/result')
    .describe('where the worker delivers results: the api, as the worker reaches it'),
  ALLOW_PRIVATE_HOOKS: flag
    .default(false)
    .describe(
      '1 lets notify_hooks lead to private addresses and be plain http: for trials and networks of your own only',
    ),

  OPERATOR_HOOK: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('where each change of an account’s state is posted to, for operators'),
  OPERATOR_HOOK_SECRET: webhookSecrets
    .optional()
    .describe('signs these posts; two separated by a space while you change it, then both sign'),

  DISCORD_API_URL: z
    .url()
    .default('https://discord.com/api')
    .describe("Discord's REST API, or a simulator's"),
  DISCORDSAYS_URL: z
    .string()
    .refine((url) => URL.canParse(url.replace('{application}', '1')), 'must be a URL')
    .default('https://{application}.discordsays.com')
    .describe("where Midjourney's web pages in Discord are, by its application's id, or a simulator's"),
  INPAINT_FORM: z
    .enum(['a', 'b'])
    .default('a')
    .describe(
      "how a region is sent to Midjourney's editor: a, as PNG; b, as WebP, when a is no longer taken",
    ),
  MIDJOURNEY_EDITOR_URL: z
    .url()
    .default('https://editor.midjourney.com')
    .describe("where a person answers Midjourney's human check, or a simulator's"),
  DISCORD_USER_TOKEN: z
    .string()
    .optional()
    .describe('token of the Discord user with the Midjourney subscription: sends'),
  DISCORD_SESSION: z
    .enum(['bot', 'user'])
    .default('bot')
    .describe('who listens: bot, your own bot in the same channel; user, the Discord user itself'),
  DISCORD_BOT_TOKEN: z.string().optional().describe('token of that bot; not needed when the user listens'),
  DISCORD_GUILD_ID: z
    .string()
    .regex(/^\d+$/, 'must be a number')
    .optional()
    .describe('id of the Discord server'),
  DISCORD_CHANNEL_ID: z.string().regex(/^\d+$/, 'must be a number').optional().describe('id of the channel'),
  DISCORD_CONCURRENCY: count
    .default(3)
    .describe('jobs that the subscription runs at once: 3 basic and standard, 12 pro and mega'),
  SECRETS_KEY: z
    .string()
    .regex(
      /^[A-Za-z0-9+/]{43}=$/,
      'must be 32 random bytes in base64 (make them with: openssl rand -base64 32)',
    )
    .transform((base64) => Buffer.from(base64, 'base64'))
    .optional()
    .describe('opens the tokens of the accounts that `npm run accounts` keeps in MySQL'),

  MJ_API: flag.default(true).describe('0 turns the routes of the mj-proxy protocol under /mj off'),
  MJ_QUEUE_CODE: z
    .enum(['22', '1'])
    .default('22')
    .transform(Number)
    .describe(
      'code that a submit under /mj answers while its task has to wait; 1 for clients that take no other',
    ),
  MJ_NO_ACCOUNT_CODE: z
    .enum(['9', '3'])
    .default('9')
    .transform(Number)
    .describe(
      'code that a submit under /mj answers when no account can draw it; at 3 some gateways stop using this service',
    ),

  BANNED_WORDS_FILE: z
    .string()
    .default('config/banned-words.txt')
    .describe(
      'words and phrases refused in prompts, one per line; it must be there: an empty one turns the check off',
    ),
  MODELS_FILE: z
    .string()
    .default('config/models.json')
    .describe("what is known of Midjourney's models and their parameters, by which prompts are checked"),
  PROMPT_CHECK: z
    .enum(['refuse', 'warn', 'off'])
    .default('warn')
    .describe(
      'what becomes of a prompt that Midjourney would refuse by MODELS_FILE: refuse; warn, it is sent with warnings; off',
    ),
  DEFAULT_MODEL: z
    .string()
    .regex(/^(niji )?\d+(\.\d+)?$/, 'must be a model such as 8.1 or niji 7')
    .optional()
    .describe('model that is written into prompts that name none, such as 8.1 or niji 7'),
  PROMPT_HOOK: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .optional()
    .describe('address of a service of yours that is asked about each prompt, and may change or refuse it'),
  PROMPT_HOOK_SECRET: webhookSecrets
    .optional()
    .describe('signs what it is sent; two separated by a space while you change it'),
  PROMPT_HOOK_TIMEOUT_MS: milliseconds.default(10_000).describe('how long it may take to answer'),
  PROMPT_HOOK_FAILS: z
    .enum(['refuse', 'accept'])
    .default('refuse')
    .describe(
      'what becomes of a prompt that it could not be asked about: refuse; accept, it is sent as it is',
    ),
  UPLOAD_LIMIT_BYTES: count.default(10_485_760).describe('largest uploaded picture'),
  WAITING_LIMIT: count
    .default(10_000)
    .describe('tasks that may wait in the queue before submits answer queue_full'),
  WAITING_LIMIT_PER_USER: count
    .default(5_000)
    .describe('tasks of one user that may wait before their submits answer queue_full'),

  DATA_DIR: z
    .string()
    .default('.data')
    .describe(
      'where this machine keeps what must stay: the api pictures, `npm start` databases, logs, keys and run.json',
    ),
  IMAGE_STORE: z
    .enum(['fs', 's3', 'none'])
    .default('fs')
    .describe(
      "where finished pictures are copied to: fs, a folder in DATA_DIR that all apis share; s3; none keeps Discord's links",
    ),
  IMAGE_COPY: z
    .enum(['before', 'after'])
    .default('before')
    .describe(
      'when: before a task succeeds, if that is a matter of seconds, or after, with the link changing then',
    ),
  ALLOW_PRIVATE_DOWNLOADS: flag
    .default(false)
    .describe(
      '1 lets pictures be fetched from private addresses and over plain http: for a simulator in place of Discord only',
    ),
  S3_BUCKET_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('with s3: address of the bucket, such as https://s3.example.com/pictures'),
  S3_REGION: z.string().default('auto').describe('with s3: its region, where the store has any'),
  S3_ACCESS_KEY_ID: z
    .string()
    .optional()
    .describe('with s3: key that may read, write, list and delete there'),
  S3_SECRET_ACCESS_KEY: z.string().optional().describe('with s3: its secret'),

  START_DEADLINE_MS: milliseconds
    .default(60_000)
    .describe(
      'a task that Midjourney has not started this long after Discord took it fails with not_started',
    ),
  PROGRESS_DEADLINE_MS: milliseconds
    .default(300_000)
    .describe('a task without progress for this long fails with timeout'),
  TASK_DEADLINE_MS: milliseconds
    .default(1_800_000)
    .describe('a task that takes longer than this in all fails with timeout'),
  EVIDENCE_WINDOW_MS: milliseconds
    .default(20_000)
    .describe("how long to look for Midjourney's first message before sending again after an unclear answer"),
  ACCOUNT_LEASE_MS: milliseconds
    .default(10_000)
    .describe('how long a process that died keeps its accounts and jobs before another one takes them over'),
  ACCOUNT_WAIT_MS: milliseconds
    .default(600_000)
    .describe('how long a follow-up waits for an account that cannot draw before it fails'),

  TASK_RETENTION_DAYS: limit
    .default(0)
    .describe(
      'finished tasks are deleted this many days after their end, with their pictures; 0 keeps them for ever',
    ),
  TASK_RETENTION_COUNT: limit
    .default(0)
    .describe(
      'finished tasks that are kept, in all; the oldest beyond that are deleted once they are a day old; 0 for no limit',
    ),

  ADMIN_WRITE: flag
    .default(false)
    .describe('1 lets operators change jobs in Bull Board; read-only otherwise'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('detail of the logs'),
});

export type Config = Readonly<z.output<typeof environmentSchema>>;

/** What is wrong with the environment, one line for each variable, none with its value: values may be secrets. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the configuration once, at start.
 * @throws {ConfigError} naming every variable that is wrong and what it should be.
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environmentSchema.safeParse(given, { error: plainIssues });
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'),
  );
}

/** The address of the database as the functions that connect to it take it. */
export interface DatabaseConfig {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  poolSize?: number;
  /** Longest wait for a connection, and for an answer. */
  timeoutMs?: number;
}

export function databaseConfig(config: Config): DatabaseConfig {
  return {
    host: config.DB_HOST,
    port: config.DB_PORT,
    user: config.DB_USER,
    password: config.DB_PASSWORD,
    database: config.DB_NAME,
    poolSize: config.DB_POOL_SIZE,
    timeoutMs: config.DB_TIMEOUT_MS,
  };
}
