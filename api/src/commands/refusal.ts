import type { Button, Task } from '@midjourney-api/shared/tasks/task';
import type { User } from '@midjourney-api/shared/users/users';
import type { Advice } from './advice.ts';

/** Why a command or a query is refused. Each dialect has a table of how it answers them. */
export type RefusalCode =
  | 'invalid_request'
  | 'banned_prompt'
  | 'forbidden'
  | 'not_found'
  | 'action_unavailable'
  | 'idempotency_conflict'
  | 'too_large'
  | 'unsupported_image'
  | 'insufficient_tokens'
  | 'rate_limited'
  | 'queue_full'
  | 'no_account'
  | 'unavailable';

export interface FieldError {
  /** Where in the request, such as `prompt`; empty for the request as a whole. */
  path: string;
  message: string;
  /** What is wrong with a prompt, for programs. */
  code?: string;
  parameter?: string;
}

interface RefusalDetails {
  errors?: FieldError[];
  /** Seconds after which it may be tried again. */
  retryAfter?: number;
  /** The buttons that can be pressed instead. */
  available?: Button[];
  /** What else can be done; each dialect adds it to the message in its own words. */
  advice?: Advice | undefined;
  /** More facts for programs, by their names on the wire. */
  members?: Record<string, unknown>;
  cause?: unknown;
}

/**
 * The one error that clients see, thrown by commands, queries and routes alike. Its message is a sentence that says
 * what a person can do about it, in words that are true in every dialect. `http/` turns it into a status, headers and a
 * body.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly errors: FieldError[] | undefined;
  readonly retryAfter: number | undefined;
  readonly available: Button[] | undefined;
  readonly advice: Advice | undefined;
  readonly members: Record<string, unknown> | undefined;

  constructor(code: RefusalCode, message: string, details: RefusalDetails = {}) {
    // It is an answer and no bug: collecting a stack trace would cost more than the rest of a refusal.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message, { cause: details.cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.code = code;
    this.errors = details.errors;
    this.retryAfter = details.retryAfter;
    this.available = details.available;
    this.advice = details.advice;
    this.members = details.members;
  }
}

/** Says what is wrong with which field. A message that begins with "unknown" names its field already. */
export function invalidFields(errors: FieldError[]): Refusal {
  const sentences = errors.map(({ path, message }) => {
    if (message.startsWith('unknown ')) return message;
    return path ? `${path}: ${message}` : `The body ${message}`;
  });
  const text = sentences.join('; ');
  return new Refusal('invalid_request', /[.?]$/.test(text) ? text : `${text}.`, { errors });
}

export function invalidField(path: string, message: string): Refusal {
  return invalidFields([{ path, message }]);
}

/** The user's balance is used up. */
export function noTokenLeft({ tokenTotal, userName }: Pick<User, 'tokenTotal' | 'userName'>): Refusal {
  return new Refusal(
    'insufficient_tokens',
    `All ${tokenTotal} tokens of ${userName} are used or reserved. Ask the operator for more.`,
  );
}

/** The task failed, and its picture came later, which nobody has paid for. */
export function lateResultOf({ id }: Pick<Task, 'id'>): Refusal {
  return new Refusal(
    'action_unavailable',
    `Task ${id} failed, and its picture came late: it has to be claimed first. Nothing was charged.`,
    { available: [], advice: { operation: 'claim', taskId: id } },
  );
}

/** The window's form was sent already, or it was closed. */
export function windowClosed(): Refusal {
  return new Refusal(
    'action_unavailable',
    'No form is open here: it was sent already, or too much time has passed. Press its button again. Nothing was charged.',
  );
}

/** The Idempotency-Key belongs to another request. */
export function keyOfAnotherRequest(): Refusal {
  return new Refusal(
    'idempotency_conflict',
    'This Idempotency-Key was sent with another request before. Use a new key for each new one.',
  );
}
