import type { Problem } from '../schema.ts';
import { readRetryAfter } from './retry-plan.ts';

/** An error response of the service, or of a proxy in front of it. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  /** For programs. `unexpected_answer` did not come from the service. */
  readonly code: Problem['code'] | 'unexpected_answer';
  readonly status: number;
  /** A sentence that says what to do; also the `message`. */
  readonly detail: string;
  /** The errors by field. */
  readonly errors: NonNullable<Problem['errors']>;
  /** With `action_unavailable`: the buttons that can be pressed instead. */
  readonly available: Problem['available'];
  /** Give it to the operator when you report a problem. */
  readonly requestId: string | undefined;
  /** Seconds after which to try again. */
  readonly retryAfter: number | undefined;

  constructor({ status, headers }: Response, body: unknown) {
    const problem = isProblem(body) ? body : undefined;
    const detail = problem?.detail ?? `The answer was ${status}, and not one of the service.`;
    super(detail);
    this.code = problem?.code ?? 'unexpected_answer';
    this.status = status;
    this.detail = detail;
    this.errors = problem?.errors ?? [];
    this.available = problem?.available;
    this.requestId = problem?.request_id ?? headers.get('X-Request-Id') ?? undefined;
    const retryAfterMs = readRetryAfter(headers.get('Retry-After'));
    this.retryAfter = retryAfterMs === undefined ? undefined : retryAfterMs / 1_000;
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}
