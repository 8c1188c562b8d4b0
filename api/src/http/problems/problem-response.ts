import { STATUS_CODES } from 'node:http';
import { isDatabaseUnreachable, refusesWrites } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ZodError } from 'zod';
import { withAdvice } from '../../commands/advice.ts';
import { invalidFields, Refusal, type RefusalCode } from '../../commands/refusal.ts';
import type { AppEnv } from '../app-env.ts';
import { v1Operations } from '../v1/operations.ts';
import { type Problem, problemStatuses } from './problem.ts';

/** Answers a problem in the dialect of the request. */
export type AnswerProblem = (
  c: Context<AppEnv>,
  problem: Problem,
  headers?: Record<string, string>,
) => Response;

/** Why a request failed after its sender was known: a refusal, or a bug. */
export type Thrown = Problem & { code: RefusalCode | 'internal' };

/** Answers whatever was thrown. Anything but a `Refusal` is a bug: it is logged here, and clients see nothing of it. */
export function answerError(log: Logger, answer: (c: Context<AppEnv>, thrown: Thrown) => Response) {
  return (error: Error, c: Context<AppEnv>): Response => {
    const refusal = refusalOf(error);
    const request = { request_id: c.get('requestId'), method: c.req.method, path: c.req.path };
    if (!refusal) {
      log.error({ ...request, err: error }, 'request failed');
      return answer(c, internal);
    }
    if (refusal.code === 'unavailable') log.warn({ ...request, err: refusal.cause ?? error }, 'unavailable');
    return answer(c, refusal);
  };
}

export function problemResponse(
  c: Context<AppEnv>,
  problem: Problem,
  headers: Record<string, string> = {},
): Response {
  const { code, message, errors, retryAfter, available, advice, members } = problem;
  const status = problemStatuses[code];
  c.set('problem', code);
  const body = {
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    detail: withAdvice(message, advice, v1Operations),
    code,
    request_id: c.get('requestId'),
    ...(errors && { errors }),
    ...(available && { available }),
    ...members,
  };
  return c.body(JSON.stringify(body), status, {
    'Content-Type': 'application/problem+json',
    ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }),
    ...headers,
  });
}

/** What a body, query or path that fails its schema is answered with. */
export function validationRefusal(error: ZodError): Refusal {
  const errors = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.message
          .split('\n')
          .map((message, at) => ({ path: [...issue.path, issue.keys[at]].join('.'), message }))
      : { path: issue.path.join('.'), message: issue.message },
  );
  return invalidFields(errors);
}

const internal: Thrown = {
  code: 'internal',
  message: 'Something went wrong here. Tell the operator the request_id.',
};

/** The refusal that an error stands for; undefined for a bug. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (error instanceof HTTPException) return ofHttpException(error);
  if (!isDatabaseUnreachable(error)) return undefined;
  const what = refusesWrites(error)
    ? 'The database accepts no changes now: it is full or read-only.'
    : 'The database cannot be reached.';
  return new Refusal('unavailable', `${what} Nothing was done; try again soon.`, {
    retryAfter: 5,
    cause: error,
  });
}

/** What Hono's own validators and middleware throw before a handler runs. */
function ofHttpException(error: HTTPException): Refusal | undefined {
  switch (error.status) {
    case 400:
      return new Refusal('invalid_request', `${error.message.replace(/\.$/, '')}.`);
    case 415:
      return new Refusal(
        'invalid_request',
        'Send JSON with "Content-Type: application/json", or, to /upload, multipart/form-data.',
      );
    case 403:
      return new Refusal('forbidden', 'This request came from a page of another site.');
    default:
      return undefined;
  }
}
