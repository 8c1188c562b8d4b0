import type { Context } from 'hono';
import { withAdvice } from '../../commands/advice.ts';
import type { AppEnv } from '../app-env.ts';
import type { Thrown } from '../problems/problem-response.ts';
import { v1Operations } from '../v1/operations.ts';

interface OriginalAnswer {
  status: 200 | 400 | 403 | 429 | 500;
  body: (message: string) => Record<string, string | number>;
}

const coded = (code: number) => (message: string) => ({ code, message });
const detail = (message: string) => ({ detail: message });

const wrong: OriginalAnswer = { status: 400, body: coded(13) };
const ourFault: OriginalAnswer = { status: 500, body: detail };

/** How the original service would have said it. Where it knew no such refusal, its clients understand that of a body. */
export const originalAnswers: Record<Thrown['code'], OriginalAnswer> = {
  invalid_request: wrong,
  not_found: wrong,
  action_unavailable: wrong,
  idempotency_conflict: wrong,
  too_large: wrong,
  unsupported_image: { status: 200, body: () => ({ message: 'must image' }) },
  banned_prompt: { status: 200, body: coded(14) },
  queue_full: { status: 200, body: coded(15) },
  forbidden: { status: 403, body: detail },
  insufficient_tokens: { status: 429, body: detail },
  rate_limited: { status: 429, body: detail },
  no_account: ourFault,
  unavailable: ourFault,
  internal: ourFault,
};

export function answerAsOriginal(
  c: Context<AppEnv>,
  { code, message, advice, retryAfter }: Thrown,
): Response {
  c.set('problem', code);
  if (retryAfter !== undefined) c.header('Retry-After', String(retryAfter));
  const { status, body } = originalAnswers[code];
  // The routes that the original service did not have are those of v1.
  return c.json(body(withAdvice(message, advice, v1Operations)), status);
}
