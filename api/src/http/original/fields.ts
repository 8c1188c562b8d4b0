import { z } from '@hono/zod-openapi';
import type { NamedParent } from '../../commands/follow-ups/parent.ts';

/** A number, which Python's clients may send as a text. */
export function asNumber<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess(
    (value) => (typeof value === 'string' && /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : value),
    schema,
  );
}

/** The id of a task, of this service or of the installation before it. */
export const anyTaskId = z.preprocess(
  (value) => (Number.isSafeInteger(value) ? String(value) : value),
  z.string().trim().min(1).max(64),
);

/** How a body names the task whose picture it continues. A message's id that ends in `n` came as a number. */
export const parentFields = {
  trigger_id: anyTaskId,
  msg_id: z.preprocess(
    messageIdAsText,
    z
      .string()
      .regex(/^\d{10,20}n?$/, "must be the id of Discord's message")
      .optional(),
  ),
  msg_hash: z
    .string()
    // It becomes a part of the button's custom_id, whose parts are separated by "::".
    .regex(/^[0-9A-Za-z-]{0,64}$/, "must be the picture's hash")
    .nullish(),
};

function messageIdAsText(value: unknown): unknown {
  if (!value) return undefined;
  return typeof value === 'number' && Number.isInteger(value) ? `${BigInt(value)}n` : value;
}

export function namedParent(body: z.output<z.ZodObject<typeof parentFields>>): NamedParent {
  const { trigger_id: taskId, msg_id: id, msg_hash } = body;
  const messageId = id?.endsWith('n') ? BigInt(id.slice(0, -1)) : id;
  return { taskId, messageId, messageHash: msg_hash || undefined };
}
