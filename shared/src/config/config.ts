import { z } from 'zod';
import { plainIssues } from './plain-issues.ts';

/**
 * Every environment variable of the api and the worker: its type, its default and its description. A test compares
 * `.env.example` with it. An empty variable counts as not set.
 */

const port = z.coerce.number().int().min(1).max(65_535);
const count = z.coerce.number().int().min(1);
const milliseconds = z.coerce.number().int().min(1);
/** 0 turns it off. */
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
  DB_POOL_SIZE: count.default(10).describe('maximum connections to MySQL per process'),
  DB_TIMEOUT_MS: milliseconds
    .default(10_000)
    .describe('how long to wait for a connection to MySQL, and for its answer, before a request gets 503'),

  REDIS_URL: z
    // ioredis treats anything else as the path of a socket, and repeats it in its error, including the password.
    .url({ protocol: /^rediss?$/, error: 'must begin with redis:// or rediss://' })
    .default('redis://localhost:6379')
    .describe('Redis 7; with a password: redis://:password@host:6379'),
  REDIS_PREFIX: z
    .string()
    .regex(/^[\w-]+$/, 'may only hold letters, digits, - and _')
    .default('midjourney')
    .describe('prefix of every Redis key, so that several installations can share one Redis'),

  HOST: z
    .string()
    .default('0.0.0.0')
    .describe('address that the api listens on; `npm start` listens on 127.0.0.1 unless it is set'),
  PORT: port.default(8086).describe('port that the api listens on'),
  PUBLIC_URL: z
    .url()
    .optional()
    .describe(
      'address at which clients reach the api, for links to pictures and for its documentation; without it, notices link to http://localhost',
    ),
  TRUST_PROXY: limit
    .default(0)
    .describe("number of proxies in front of the api that add their client's address to X-Forwarded-For"),
  CORS_ORIGINS: origins
    .optional()
    .describe('origins of web pages that may call the api from a browser, separated by spaces; * for all'),
  MCP: flag.default(true).describe('0 turns off /mcp, the endpoint for AI assistants'),
  RATE_LIMIT_PER_KEY: limit.default(6_000).describe('requests per minute for each app_key; 0 for no limit'),
  RATE_LIMIT_PER_ADDRESS: limit
    .default(12_000)
    .describe('requests per minute from each address; 0 for no limit'),
  AUTH_FAILURES_PER_ADDRESS: limit
    .default(60)
    .describe('wrong keys per minute after which an address is blocked; 0 for no limit'),
  REQUEST_TIMEOUT_MS: milliseconds
    .default(120_000)
    .describe(
      'how long a client may take to send a whole request, including uploads; its headers must arrive within 15 s',
    ),

  RESULT_WEBHOOK_SECRET: webhookSecrets
    .optional()
    .describe(
      'signs the results that workers deliver; while you change it, two separated by a space, of which the first signs',
    ),
  RESULT_WEBHOOK_UNSIGNED: flag
    .default(false)
    .describe('1 accepts unsigned results if there is no secret: only for trials on your own machine'),
  RESULT_WEBHOOK_URL: z
    .url()
    .default('http://127.0.0.1:8086/v1/api/trigger/midjourney/result')
    .describe("where workers deliver results: the api's address as workers reach it"),
  ALLOW_PRIVATE_HOOKS: flag
    .default(false)
    .describe(
      '1 allows notify_hooks at private addresses and over plain http: only for trials and private networks',
    ),

  OPERATOR_HOOK: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('URL of yours to which each change of an account’s state is posted'),
  OPERATOR_HOOK_SECRET: webhookSecrets
    .optional()
    .describe('signs these posts; while you change it, two separated by a space, which both sign'),

  DISCORD_API_URL: z
    .url()
    .default('https://discord.com/api')
    .describe("Discord's REST API, or a simulator's"),
  DISCORDSAYS_URL: z
    .string()
    .refine((url) => URL.canParse(url.replace('{application}', '1')), 'must be a URL')
    .default('https://{application}.discordsays.com')
    .describe("address of Midjourney's web pages in Discord, with its application's id, or a simulator's"),
  INPAINT_FORM: z
    .enum(['a', 'b'])
    .default('a')
    .describe(
      "how a region is sent to Midjourney's editor: a as PNG; b as WebP, in case a is no longer accepted",
    ),
  MIDJOURNEY_EDITOR_URL: z
    .url()
    .default('https://editor.midjourney.com')
    .describe("address where a person answers Midjourney's human check, or a simulator's"),
  DISCORD_USER_TOKEN: z
    .string()
    .optional()
    .describe('token of the Discord user with the Midjourney subscription, who sends the commands'),
  DISCORD_SESSION: z
    .enum(['bot', 'user'])
    .default('bot')
    .describe('who listens: bot, your own bot in the same channel; or user, the Discord user itself'),
  DISCORD_BOT_TOKEN: z.string().optional().describe('token of that bot; not needed if the user listens'),
  DISCORD_GUILD_ID: z
    .string()
    .regex(/^\d+$/, 'must be a number')
    .optional()
    .describe('id of the Discord server'),
  DISCORD_CHANNEL_ID: z.string().regex(/^\d+$/, 'must be a number').optional().describe('id of the channel'),
  DISCORD_CONCURRENCY: count
    .default(3)
    .describe('jobs that the subscription runs at once: 3 for Basic and Standard, 12 for Pro and Mega'),
  SECRETS_KEY: z
    .string()
    .regex(
      /^[A-Za-z0-9+/]{43}=$/,
      'must be 32 random bytes in base64 (make them with: openssl rand -base64 32)',
    )
    .transform((base64) => Buffer.from(base64, 'base64'))
    .optional()
    .describe('encrypts the tokens of the accounts that `npm run accounts` keeps in MySQL'),

  MJ_API: flag.default(true).describe('0 turns off /mj, the routes of the midjourney-proxy protocol'),
  MJ_QUEUE_CODE: z
    .enum(['22', '1'])
    .default('22')
    .transform(Number)
    .describe('code of a submit under /mj whose task has to wait; 1 for clients that accept no other'),
  MJ_NO_ACCOUNT_CODE: z
    .enum(['9', '3'])
    .default('9')
    .transform(Number)
    .describe(
      'code of a submit under /mj that no account can draw; at 3 some gateways stop using this service',
    ),

  BANNED_WORDS_FILE: z
    .string()
    .default('config/banned-words.txt')
    .describe(
      'file of words and phrases refused in prompts, one per line; the file must exist, an empty one turns the check off',
    ),
  MODELS_FILE: z
    .string()
    .default('config/models.json')
    .describe("file of Midjourney's models and their parameters, against which prompts are checked"),
  PROMPT_CHECK: z
    .enum(['refuse', 'warn', 'off'])
    .default('warn')
    .describe(
      'what to do with a prompt that Midjourney would refuse according to MODELS_FILE: refuse it; warn and send it; off',
    ),
  DEFAULT_MODEL: z
    .string()
    .regex(/^(niji )?\d+(\.\d+)?$/, 'must be a model such as 8.1 or niji 7')
    .optional()
    .describe('model to add to prompts that name none, such as 8.1 or niji 7'),
  PROMPT_HOOK: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .optional()
    .describe('URL of your own service, which checks each prompt and may change or refuse it'),
  PROMPT_HOOK_SECRET: webhookSecrets
    .optional()
    .describe('signs the requests to it; while you change it, two separated by a space'),
  PROMPT_HOOK_TIMEOUT_MS: milliseconds.default(10_000).describe('how long it may take to answer'),
  PROMPT_HOOK_FAILS: z
    .enum(['refuse', 'accept'])
    .default('refuse')
    .describe('what to do with a prompt if that service fails: refuse it; accept and send it unchanged'),
  UPLOAD_LIMIT_BYTES: count.default(10_485_760).describe('maximum size of an uploaded picture'),
  WAITING_LIMIT: count
    .default(10_000)
    .describe('maximum waiting tasks; beyond it, submits answer queue_full'),
  WAITING_LIMIT_PER_USER: count
    .default(5_000)
    .describe('maximum waiting tasks of one user; beyond it, their submits answer queue_full'),

  DATA_DIR: z
    .string()
    .default('.data')
    .describe(
      'folder for persistent data: pictures of the api; databases, logs, keys and run.json of `npm start`',
    ),
  IMAGE_STORE: z
    .enum(['fs', 's3', 'none'])
    .default('fs')
    .describe(
      "where finished pictures are copied to: fs, a folder in DATA_DIR that all apis share; s3; or none, which keeps Discord's links",
    ),
  IMAGE_COPY: z
    .enum(['before', 'after'])
    .default('before')
    .describe(
      'when they are copied: before the task succeeds, if it takes only seconds; or after, when its link changes',
    ),
  ALLOW_PRIVATE_DOWNLOADS: flag
    .default(false)
    .describe(
      '1 allows downloading pictures from private addresses and over plain http: only for a simulator in place of Discord',
    ),
  S3_BUCKET_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('with s3: address of the bucket, such as https://s3.example.com/pictures'),
  S3_REGION: z.string().default('auto').describe('with s3: its region, if the store has regions'),
  S3_ACCESS_KEY_ID: z
    .string()
    .optional()
    .describe('with s3: key with permission to read, write, list and delete'),
  S3_SECRET_ACCESS_KEY: z.string().optional().describe('with s3: secret of that key'),

  START_DEADLINE_MS: milliseconds
    .default(60_000)
    .describe(
      'a task fails with not_started if Midjourney has not started it this long after Discord took it',
    ),
  PROGRESS_DEADLINE_MS: milliseconds
    .default(300_000)
    .describe('a task fails with timeout after this long without progress'),
  TASK_DEADLINE_MS: milliseconds
    .default(1_800_000)
    .describe('a task fails with timeout if it takes longer than this in all'),
  EVIDENCE_WINDOW_MS: milliseconds
    .default(20_000)
    .describe(
      "how long to look for Midjourney's first message after an unclear answer, before sending again",
    ),
  ACCOUNT_LEASE_MS: milliseconds
    .default(10_000)
    .describe('how long after a process dies another one takes over its accounts and jobs'),
  ACCOUNT_WAIT_MS: milliseconds
    .default(600_000)
    .describe('how long a follow-up waits for an account that cannot draw, before it fails'),

  TASK_RETENTION_DAYS: limit
    .default(0)
    .describe(
      'deletes finished tasks, with their pictures, this many days after their end; 0 keeps them for ever',
    ),
  TASK_RETENTION_COUNT: limit
    .default(0)
    .describe(
      'maximum finished tasks to keep; the oldest beyond it are deleted once they are a day old; 0 for no limit',
    ),

  ADMIN_WRITE: flag
    .default(false)
    .describe('1 lets operators change jobs in Bull Board; otherwise it is read-only'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('log level'),
});

export type Config = Readonly<z.output<typeof environmentSchema>>;

/** What is wrong with the environment, one line per variable, without values: they may be secrets. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the configuration; called once, at start.
 * @throws {ConfigError} that names every wrong variable and says what it should be.
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

/** How to connect to the database. */
export interface DatabaseConfig {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  poolSize?: number;
  /** How long to wait for a connection, and for an answer. */
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
