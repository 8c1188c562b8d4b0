import type { User } from '@midjourney-api/shared/users/users';

/** Every error code of the contract and the HTTP status that it comes with. */
export const problemStatuses = {
  invalid_request: 400,
  banned_prompt: 400,
  bad_signature: 401,
  credentials_required: 401,
  auth_failed: 403,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  action_unavailable: 409,
  idempotency_conflict: 409,
  too_large: 413,
  unsupported_image: 415,
  range_not_satisfiable: 416,
  insufficient_tokens: 429,
  rate_limited: 429,
  internal: 500,
  queue_full: 503,
  unavailable: 503,
} as const;

export type ProblemCode = keyof typeof problemStatuses;

export interface FieldError {
  /** Where in the request, such as `prompt`; empty for the request as a whole. */
  path: string;
  message: string;
}

/**
 * The one error that a client sees: thrown anywhere, answered as RFC 9457 `application/problem+json`.
 * `detail` is a sentence that says what a person can do about it.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly status: (typeof problemStatuses)[ProblemCode];
  readonly errors: FieldError[] | undefined;
  /** Further members of the body, for programs. */
  readonly extension: Record<string, unknown> | undefined;
  readonly headers: Record<string, string>;

  constructor(
    code: ProblemCode,
    detail: string,
    more: {
      errors?: FieldError[];
      extension?: Record<string, unknown>;
      headers?: Record<string, string>;
      cause?: unknown;
    } = {},
  ) {
    // It is an answer and no bug: where it was made would cost more to find out than all else of a refusal.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(detail, { cause: more.cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.code = code;
    this.status = problemStatuses[code];
    this.errors = more.errors;
    this.extension = more.extension;
    this.headers = more.headers ?? {};
  }
}

/** What a user whose balance is used up is answered. */
export function noTokenLeft({ tokenTotal, userName }: Pick<User, 'tokenTotal' | 'userName'>): Problem {
  return new Problem(
    'insufficient_tokens',
    `All ${tokenTotal} tokens of ${userName} are used or reserved. Ask the operator for more.`,
  );
}

/** What an Idempotency-Key is answered that stands for another request. */
export function keyOfAnotherRequest(): Problem {
  return new Problem(
    'idempotency_conflict',
    'This Idempotency-Key was sent with another request before. Use a new key for each new one.',
  );
}
