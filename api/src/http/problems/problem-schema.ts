import { STATUS_CODES } from 'node:http';
import { z } from '@hono/zod-openapi';
import { type ProblemCode, problemStatuses } from './problem.ts';

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string().describe('the name of the status'),
    status: z.int(),
    detail: z.string().describe('a sentence that a person can act on'),
    code: z.enum(Object.keys(problemStatuses)).describe('for programs'),
    request_id: z.string().describe('also in the header X-Request-Id'),
    errors: z
      .array(
        z.object({
          path: z.string(),
          message: z.string(),
          code: z.string().optional().describe('what is wrong with a prompt, as in `POST /prompts/check`'),
          parameter: z.string().optional(),
        }),
      )
      .optional()
      .describe('what is wrong with which field'),
    available: z
      .array(z.object({ label: z.string(), custom_id: z.string(), action: z.string().optional() }))
      .optional()
      .describe('with `action_unavailable`: the buttons that can be pressed instead'),
  })
  .openapi('Problem');

const examples: Record<ProblemCode, string> = {
  invalid_request: 'prompt: must not be empty.',
  banned_prompt: 'The prompt has the word "gore", which this service does not allow. Nothing was charged.',
  bad_signature: 'The signature is missing, wrong or older than five minutes.',
  credentials_required: 'Sign in with any user name and the app_key of an operator as the password.',
  auth_failed: 'Send your key in the header "Authorization: Bearer <app_key>".',
  forbidden: 'This is for operators only.',
  not_found: 'You have no task 1767323045678400.',
  method_not_allowed: 'GET is not allowed here: use POST.',
  action_unavailable:
    'The picture of task 1767323045678400 has no button for "zoomout". It has: upscale, variation, reset. Nothing was charged.',
  idempotency_conflict:
    'This Idempotency-Key was sent with another request before. Use a new key for each new one.',
  too_large: 'The body is larger than 1048576 bytes.',
  unsupported_image: 'The file is not a png, jpeg, webp or gif picture.',
  range_not_satisfiable: 'It has 1482210 bytes.',
  insufficient_tokens: 'All 100 tokens of demo are used or reserved. Ask the operator for more.',
  rate_limited:
    'Too many requests came with your key: at most 6000 a minute are answered. Try again in 12 seconds.',
  internal: 'Something went wrong here. Tell the operator the request_id.',
  queue_full: 'Too many tasks are waiting. Nothing was charged; try again in a moment.',
  no_account: 'There is no Midjourney account that could draw this. Nothing was charged.',
  unavailable: 'The database cannot be reached. Nothing was done; try again soon.',
};

/**
 * The `responses` of a route for the errors that it can answer, several codes of a status side by side.
 * Requests are counted wherever a key is asked for, so `rate_limited` comes with `auth_failed`.
 */
export function problemResponses(...named: ProblemCode[]) {
  const codes: ProblemCode[] = named.includes('auth_failed') ? [...named, 'rate_limited'] : named;
  const statuses = [...new Set(codes.map((code) => problemStatuses[code]))];
  return Object.fromEntries(
    statuses.map((status) => {
      const ofStatus = codes.filter((code) => problemStatuses[code] === status);
      return [
        status,
        {
          description: ofStatus.map((code) => `\`${code}\``).join(' or '),
          content: {
            'application/problem+json': {
              schema: problemSchema,
              examples: Object.fromEntries(ofStatus.map((code) => [code, { value: exampleOf(code) }])),
            },
          },
        },
      ];
    }),
  );
}

/** The same for a route that needs a key, with what can happen to each of these. */
export function problemsWithKey(...named: ProblemCode[]) {
  return problemResponses('auth_failed', ...named, 'unavailable', 'internal');
}

function exampleOf(code: ProblemCode) {
  const status = problemStatuses[code];
  return {
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    detail: examples[code],
    code,
    request_id: '0b9cf0a6-7cb1-4b0a-a7a4-63d4c3a0f2d1',
    ...(code === 'invalid_request' && { errors: [{ path: 'prompt', message: 'must not be empty' }] }),
  };
}
