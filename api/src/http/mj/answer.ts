import { z } from '@hono/zod-openapi';
import type { Config } from '@midjourney-api/shared/config/config';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { withAdvice } from '../../commands/advice.ts';
import type { AppEnv } from '../app-env.ts';
import type { Problem, ProblemCode } from '../problems/problem.ts';
import { mjOperations } from './operations.ts';

/** What the protocol calls outcomes. The first three of these stand for a task that exists. */
export const mjCodes = {
  success: 1,
  window: 21,
  inQueue: 22,
  notFound: 3,
  invalid: 4,
  failure: 9,
  queueFull: 23,
  banned: 24,
} as const;

/** What nearly every route answers. Clients look at `result` alone, so it is null whenever there is no task. */
export const envelopeSchema = z
  .object({
    code: z
      .int()
      .describe(
        '1 accepted, 22 accepted and waiting, 21 a window waits for `submit/modal`; refused: 3 not found, 4 invalid, ' +
          '9 failed, 23 the queue is full, 24 a banned word',
      ),
    description: z.string().describe('for people'),
    result: z.string().nullable().describe('the id of the task'),
    properties: z.record(z.string(), z.unknown()),
  })
  .openapi('MjAnswer');

/** The body of every status but 200. Clients read errors in one of three forms: this protocol's, a `message`, OpenAI's. */
export const errorSchema = envelopeSchema
  .extend({
    result: z.null(),
    message: z.string(),
    error: z.object({ message: z.string(), type: z.string(), code: z.string() }),
  })
  .openapi('MjError');

export const errorExample = inAllForms(
  {
    code: mjCodes.invalid,
    description: 'This app_key is not known. Check that it is complete, or ask the operator for a new one.',
    result: null,
    properties: {},
  },
  'unauthorized',
  401,
);

export type Envelope = Omit<z.infer<typeof envelopeSchema>, 'result'> & { result: string | string[] | null };

/**
 * How each refusal is spoken. What came of a request is in `code`, with HTTP 200: gateways take any other status for a
 * broken service. 3 makes some of them close this service for good, so it is answered only where something is not
 * found.
 */
const answers = {
  invalid_request: { status: 200, code: mjCodes.invalid },
  banned_prompt: { status: 200, code: mjCodes.banned },
  bad_signature: { status: 401, code: mjCodes.invalid },
  credentials_required: { status: 401, code: mjCodes.invalid },
  auth_failed: { status: 401, code: mjCodes.invalid, name: 'unauthorized' },
  forbidden: { status: 200, code: mjCodes.invalid },
  not_found: { status: 200, code: mjCodes.notFound },
  method_not_allowed: { status: 405, code: mjCodes.invalid },
  action_unavailable: { status: 200, code: mjCodes.invalid },
  idempotency_conflict: { status: 200, code: mjCodes.invalid },
  too_large: { status: 413, code: mjCodes.invalid },
  unsupported_image: { status: 200, code: mjCodes.invalid },
  range_not_satisfiable: { status: 416, code: mjCodes.invalid },
  insufficient_tokens: { status: 200, code: mjCodes.invalid, name: 'quota_not_enough' },
  rate_limited: { status: 429, code: mjCodes.invalid },
  no_account: { status: 200, code: mjCodes.failure },
  internal: { status: 500, code: mjCodes.failure },
  queue_full: { status: 200, code: mjCodes.queueFull },
  unavailable: { status: 503, code: mjCodes.failure },
} as const satisfies Record<ProblemCode, { status: ContentfulStatusCode; code: number; name?: string }>;

/**
 * Answers a refusal in this dialect.
 * @param properties what the answer adds
 */
export function mjProblemResponse(
  c: Context<AppEnv>,
  { MJ_NO_ACCOUNT_CODE }: Pick<Config, 'MJ_NO_ACCOUNT_CODE'>,
  problem: Problem,
  headers: Record<string, string> = {},
  properties: Record<string, unknown> = {},
): Response {
  const answer: { status: ContentfulStatusCode; code: number; name?: string } = answers[problem.code];
  const { status, name } = answer;
  const code = problem.code === 'no_account' ? MJ_NO_ACCOUNT_CODE : answer.code;
  const message = mjSentence(problem);
  const description = problem.code === 'insufficient_tokens' ? `${name}: ${message}` : message;
  c.set('problem', problem.code);
  const envelope: Envelope = { code, description, result: null, properties };
  return mjJson(c, status === 200 ? envelope : inAllForms(envelope, name ?? problem.code, status), status, {
    ...(problem.retryAfter !== undefined && { 'Retry-After': String(problem.retryAfter) }),
    ...headers,
  });
}

/** What a problem says to clients of this dialect. */
export function mjSentence({ message, advice }: Pick<Problem, 'message' | 'advice'>): string {
  return withAdvice(message, advice, mjOperations);
}

/** No route has this address. */
export function noSuchMjRoute(c: Context<AppEnv>): Response {
  return mjNotFound(
    c,
    `There is no ${c.req.method} ${c.req.path}. The routes are /mj/submit/imagine, /mj/task/{id}/fetch and so on, ` +
      'all of which /docs shows; before /mj may stand /mj-fast, /mj-relax or /mj-turbo. ' +
      'The base URL of most clients ends before /mj.',
  );
}

/** For what clients do not read as JSON: 404 instead of a code. */
export function mjNotFound(c: Context<AppEnv>, description: string): Response {
  c.set('problem', 'not_found');
  const envelope: Envelope = { code: mjCodes.invalid, description, result: null, properties: {} };
  return mjJson(c, inAllForms(envelope, 'not_found', 404), 404);
}

function inAllForms(envelope: Envelope, code: string, status: number) {
  const { description: message } = envelope;
  const type = status < 500 ? 'invalid_request_error' : 'server_error';
  return { ...envelope, message, error: { message, type, code } };
}

/** JSON without any white space: gateways look for `"code":22` in the text. */
export function mjJson(
  c: Context,
  body: unknown,
  status: ContentfulStatusCode = 200,
  headers: Record<string, string> = {},
): Response {
  return c.body(JSON.stringify(body), status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'private, no-store',
    ...headers,
  });
}
