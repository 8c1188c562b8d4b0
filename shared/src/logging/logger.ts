import {
  type DestinationStream,
  type Logger,
  type LoggerOptions,
  pino,
  stdSerializers,
  stdTimeFunctions,
} from 'pino';
import { withoutQueryValues } from '../database/query-error.ts';
import { withoutAppKeys } from '../users/app-key.ts';
import { openLogOutput } from './log-output.ts';

export type { Logger } from 'pino';

const secretFields = [
  'authorization',
  'app_key',
  'appKey',
  'token',
  'userToken',
  'botToken',
  'password',
  'secret',
  'hookSecret',
];
const censor = '[secret]';

/**
 * The logger of a process: JSON lines on standard output.
 * Headers, keys and tokens are removed by name, so that a careless `log.info({ user })` cannot leak one.
 */
export function createLogger(
  name: string,
  level: string,
  destination: DestinationStream = standardOutput(),
): Logger {
  const options: LoggerOptions = {
    name,
    level,
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths: secretFields, censor },
    // A client may put its key into a URL, where no field's name reveals it.
    serializers: { err: errorWithoutValues, path: withoutAppKeys },
    formatters: { log: withoutNestedSecrets },
  };
  return pino(options, destination);
}

let opened: DestinationStream | undefined;

/** All loggers of a process share one, so that they do not write into each other's lines. */
function standardOutput(): DestinationStream {
  opened ??= openLogOutput();
  return opened;
}

/** pino can do this by paths such as `*.token`, but then searches every text of every line: 7 µs each. */
function withoutNestedSecrets(line: Record<string, unknown>): Record<string, unknown> {
  let clean = line;
  for (const [field, value] of Object.entries(line)) {
    if (typeof value !== 'object' || value === null || value instanceof Error) continue;
    const censored = withoutSecrets(value);
    if (censored !== value) clean = { ...clean, [field]: censored };
  }
  return clean;
}

/** @returns the same object if it has no secrets. */
function withoutSecrets(value: object): object {
  const found = secretFields.filter((field) => field in value);
  if (found.length === 0) return value;
  return { ...value, ...Object.fromEntries(found.map((field) => [field, censor])) };
}

/**
 * Errors of discord.js contain the whole request body, those of ioredis the whole command with its arguments, those of
 * drizzle and mysql2 the values of the query: prompts, upload links, passwords and secrets would end up in the log.
 */
function errorWithoutValues(error: unknown): unknown {
  const safe = withoutQueryValues(error);
  if (!(safe instanceof Error)) return safe;
  const {
    requestBody: _body,
    command: _command,
    sql: _sql,
    cause: _cause,
    ...rest
  } = stdSerializers.errWithCause(safe) as Record<string, unknown>;
  const shown = withoutSecrets(rest);
  return safe.cause === undefined ? shown : { ...shown, cause: errorWithoutValues(safe.cause) };
}
