import type { z } from '@hono/zod-openapi';
import { Refusal } from '../../commands/refusal.ts';
import { validationRefusal } from '../problems/problem-response.ts';

/**
 * Reads a body as JSON, whatever its type is said to be. Clients send much that means nothing: fields that nobody
 * knows are ignored, and `null` and `""` are not there.
 * @throws {Refusal} `invalid_request` for what is no JSON object, or fails the schema.
 */
export function parseBody<Schema extends z.ZodType>(text: string, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(withoutEmpty(parseObject(text)));
  if (!parsed.success) throw validationRefusal(parsed.error);
  return parsed.data;
}

function parseObject(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text.trim() || '{}');
  } catch (cause) {
    throw new Refusal('invalid_request', 'The body is not JSON.', { cause });
  }
  if (value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value;
  throw new Refusal('invalid_request', 'The body must be a JSON object.');
}

function withoutEmpty(body: object): object {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null && value !== ''));
}
