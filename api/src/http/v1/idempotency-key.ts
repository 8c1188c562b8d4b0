import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { invalidField } from '../../commands/refusal.ts';
import { apiPrefix } from '../app-env.ts';

const idempotencyKeyHeader = 'idempotency-key';

/** Described only: as a schema it would have all headers read, each time. */
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
      'your own name for this submit, such as a UUID: repeated with the same body within 24 hours, it is ' +
      'answered with the first task and charged nothing',
  },
];

/** What makes a request repeatable: its Idempotency-Key, if it has one. @throws {Refusal} for one that is none. */
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
    .describe('when this repeats the answer to an earlier request with the same Idempotency-Key'),
});
