import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';

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
  ];
  const options = {
    name,
    level,
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`]), censor: '[secret]' },
    serializers: { err: errorWithoutRequest },
  };
  return destination ? pino(options, destination) : pino(options);
}

/**
 * discord.js puts the whole request body, and ioredis the whole command with its arguments, on the errors
 * they throw: prompts, upload links and passwords would end in the log.
 */
function errorWithoutRequest(error: Error) {
  const {
    requestBody: _body,
    command: _command,
    ...rest
  } = stdSerializers.err(error) as Record<string, unknown>;
  return rest;
}
