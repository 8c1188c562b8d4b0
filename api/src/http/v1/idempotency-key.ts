import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { invalidField } from '../../commands/refusal.ts';
import { apiPrefix } from '../app-env.ts';

const idempotencyKeyHeader = 'idempotency-key';

/** Only for the documentation: a schema would read all headers of each request. */
export const idempotencyKeyParameters = [
  {
    name: idempotencyKeyHeader,
    in: 'header' as const,
    required: false,
    schema: {
      type: 'string' as const,
      minLength: 1,
      maxLength: 255,
      pattern: '^[\\x20-\\x7e]{1,255}$',
      example: 'order-4711-picture-1',
    },
    description:
      'your own key for this submit, such as a UUID. Repeated with the same body within 24 hours, the submit is ' +
      'answered with the first task and costs nothing',
  },
];

/** The request's Idempotency-Key, if it has one. @throws {Refusal} for one that is not valid. */
export function readOnce(c: Context, path: string): { key: string; route: string } | undefined {
  const key = c.req.header(idempotencyKeyHeader);
  if (key === undefined) return undefined;
  if (/^[\x20-\x7e]{1,255}$/.test(key)) return { key, route: `${apiPrefix}${path}` };
  throw invalidField(idempotencyKeyHeader, 'must have 1 to 255 printable ASCII characters');
}

export const replayedHeader = z.object({
  'Idempotency-Replayed': z
    .literal('true')
    .optional()
    .describe('present when this repeats the answer to an earlier request with the same Idempotency-Key'),
});
