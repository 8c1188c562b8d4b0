import type { Refusal, RefusalCode } from '../../commands/refusal.ts';

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
  no_account: 503,
  unavailable: 503,
} as const satisfies Record<RefusalCode | HttpCode, number>;

/** What only HTTP knows: answered where it is noticed, never thrown. */
type HttpCode =
  | 'bad_signature'
  | 'credentials_required'
  | 'auth_failed'
  | 'method_not_allowed'
  | 'range_not_satisfiable'
  | 'internal';

export type ProblemCode = keyof typeof problemStatuses;

/** What is answered as RFC 9457 `application/problem+json`. A refusal is one. */
export type Problem = Pick<Refusal, 'message'> &
  Partial<Omit<Refusal, 'code' | keyof Error>> & { code: ProblemCode };
