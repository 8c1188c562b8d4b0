import { Hono } from 'hono';
import { expect, test } from 'vitest';
import type { AppEnv } from '../app-env.ts';
import { answerAsOriginal, originalAnswers } from './refusals.ts';

const answers: Record<keyof typeof originalAnswers, [number, object]> = {
  invalid_request: [400, { code: 13, message: 'Why.' }],
  not_found: [400, { code: 13, message: 'Why.' }],
  action_unavailable: [400, { code: 13, message: 'Why.' }],
  idempotency_conflict: [400, { code: 13, message: 'Why.' }],
  too_large: [400, { code: 13, message: 'Why.' }],
  unsupported_image: [200, { message: 'must image' }],
  banned_prompt: [200, { code: 14, message: 'Why.' }],
  queue_full: [200, { code: 15, message: 'Why.' }],
  forbidden: [403, { detail: 'Why.' }],
  insufficient_tokens: [429, { detail: 'Why.' }],
  rate_limited: [429, { detail: 'Why.' }],
  no_account: [500, { detail: 'Why.' }],
  unavailable: [500, { detail: 'Why.' }],
  internal: [500, { detail: 'Why.' }],
};

test.each(Object.keys(originalAnswers) as (keyof typeof originalAnswers)[])('%s', async (code) => {
  const app = new Hono<AppEnv>().get('/', (c) =>
    answerAsOriginal(c, { code, message: 'Why.', retryAfter: 7 }),
  );
  const answer = await app.request('/');
  expect([answer.status, await answer.json()]).toEqual(answers[code]);
  expect(answer.headers.get('Retry-After')).toBe('7');
});
