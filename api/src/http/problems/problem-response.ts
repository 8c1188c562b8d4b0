import { STATUS_CODES } from 'node:http';
import { isDatabaseUnreachable, refusesWrites } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ZodError } from 'zod';
import type { AppEnv } from '../app-env.ts';
import { type FieldError, Problem } from './problem.ts';

/** Answers whatever was thrown. What is no `Problem` is a bug: logged here, and nothing of it shown. */
export function answerError(log: Logger) {
  return (error: Error, c: Context<AppEnv>): Response => {
    const problem = toProblem(error);
    const request = { request_id: c.get('requestId'), method: c.req.method, path: c.req.path };
    if (problem.code === 'internal') log.error({ ...request, err: error }, 'request failed');
    if (problem.code === 'unavailable') log.warn({ ...request, err: problem.cause ?? error }, 'unavailable');
    return problemResponse(c, problem);
  };
}

export function problemResponse(c: Context<AppEnv>, problem: Problem): Response {
  const { status, code, message, errors, extension, headers } = problem;
  c.set('problem', code);
  const body = {
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    detail: message,
    code,
    request_id: c.get('requestId'),
    ...(errors && { errors }),
    ...extension,
  };
  return c.body(JSON.stringify(body), status, { 'Content-Type': 'application/problem+json', ...headers });
}

/** What a body, query or path that fails its schema is answered with. */
export function validationProblem(error: ZodError): Problem {
  const errors = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.message
          .split('\n')
          .map((message, at) => ({ path: [...issue.path, issue.keys[at]].join('.'), message }))
      : { path: issue.path.join('.'), message: issue.message },
  );
  return invalidFields(errors);
}

/** A sentence of its own, such as that of an unknown field, names the field already. */
export function invalidFields(errors: FieldError[]): Problem {
  const sentences = errors.map(({ path, message }) => {
    if (message.startsWith('unknown ')) return message;
    return path ? `${path}: ${message}` : `The body ${message}`;
  });
  const detail = sentences.join('; ');
  return new Problem('invalid_request', /[.?]$/.test(detail) ? detail : `${detail}.`, { errors });
}

function toProblem(error: Error): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HTTPException) return ofHttpException(error);
  if (isDatabaseUnreachable(error)) {
    const what = refusesWrites(error)
      ? 'The database takes no changes now: it is full or read-only.'
      : 'The database cannot be reached.';
    return new Problem('unavailable', `${what} Nothing was done; try again soon.`, {
      headers: { 'Retry-After': '5' },
      cause: error,
    });
  }
  return new Problem('internal', 'Something went wrong here. Tell the operator the request_id.');
}

/** What Hono's own validators and middleware throw before a handler runs. */
function ofHttpException(error: HTTPException): Problem {
  switch (error.status) {
    case 400:
      return new Problem('invalid_request', `${error.message.replace(/\.$/, '')}.`);
    case 415:
      return new Problem(
        'invalid_request',
        'Send JSON with "Content-Type: application/json", or, to /upload, multipart/form-data.',
      );
    case 403:
      return new Problem('forbidden', 'This request came from a page of another site.');
    default:
      return new Problem('internal', 'Something went wrong here. Tell the operator the request_id.');
  }
}
