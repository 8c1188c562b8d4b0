import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';
import { withoutQueryValues } from './database/query-error.ts';
import { withoutAppKeys } from './users/app-key.ts';

export type { Logger } from 'pino';

/**
 * The logger of a process: JSON lines on standard output.
 * Headers, keys and tokens are removed by name, so that a careless `log.info({ user })` cannot leak one.
 */
export function createLogger(name: string, level: string, destination?: DestinationStream): Logger {
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
  const options = {
    name,
    level,
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`]), censor: '[secret]' },
    // A client may put its key into an address, where no field's name tells of it.
    serializers: { err: errorWithoutValues, path: withoutAppKeys },
  };
  return destination ? pino(options, destination) : pino(options);
}

/**
 * discord.js puts the whole request body, ioredis the whole command with its arguments, and drizzle and mysql2 the
 * values of the query on the errors they throw: prompts, upload links, passwords and secrets would end in the log.
 */
function errorWithoutValues(error: unknown): unknown {
  const told = withoutQueryValues(error);
  if (!(told instanceof Error)) return told;
  const {
    requestBody: _body,
    command: _command,
    sql: _sql,
    cause: _cause,
    ...rest
  } = stdSerializers.errWithCause(told) as Record<string, unknown>;
  return told.cause === undefined ? rest : { ...rest, cause: errorWithoutValues(told.cause) };
}
