import { DrizzleQueryError } from 'drizzle-orm/errors';
import { databaseErrorCode } from './connect.ts';

/**
 * A failed query as it may be logged and shown: drizzle puts the query's values into the message, and mysql2 the whole
 * statement beside it, and either may hold a secret. Any other error stays as it is.
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
