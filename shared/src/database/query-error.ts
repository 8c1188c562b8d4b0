import { DrizzleQueryError } from 'drizzle-orm/errors';
import { databaseErrorCode } from './connect.ts';

/**
 * Makes the error of a failed query safe to log and show. drizzle puts the query's values into the message, and mysql2
 * adds the whole statement; either may contain a secret. Any other error is returned unchanged.
 */
export function withoutQueryValues(error: unknown): unknown {
  if (!(error instanceof DrizzleQueryError)) return error;
  const code = databaseErrorCode(error);
  const safe = Object.assign(new Error(`${code ?? 'No answer'} to the query: ${error.query}`), {
    name: 'QueryError',
    ...(code && { code }),
  });
  // The stack begins with the message.
  const frames = error.stack?.slice(error.stack.indexOf(error.message) + error.message.length) ?? '';
  safe.stack = `${safe.name}: ${safe.message}${frames}`;
  return safe;
}
