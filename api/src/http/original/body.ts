import type { Context } from 'hono';
import type { z } from 'zod';
import { Refusal } from '../../commands/refusal.ts';
import { validationRefusal } from '../problems/problem-response.ts';

/** @throws {Refusal} invalid_request */
export function read<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw validationRefusal(parsed.error);
  return parsed.data;
}

/**
 * A body as the original service read it: with fields that it does not know, and here whatever its Content-Type says.
 * @throws {Refusal} invalid_request
 */
export async function readBody<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
): Promise<z.output<Schema>> {
  return read(schema, parseJson(await c.req.text()));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(withWholeIds(text));
  } catch (cause) {
    throw new Refusal('invalid_request', 'The body must be JSON.', { cause });
  }
}

/**
 * `msg_id` was a number there, of 19 digits, of which JavaScript keeps 16. As a text it keeps all of them; the `n`, with
 * which a bigint is written, says that it was a number. Within a text the quotes around the name would be escaped, so
 * no text is changed.
 */
function withWholeIds(json: string): string {
  return json.replaceAll(/("msg_id"\s*:\s*)(\d{16,20})(?=\s*[,}])/g, '$1"$2n"');
}
