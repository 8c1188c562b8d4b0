import { Webhook } from 'standardwebhooks';
import type { TaskNotice } from './schema.ts';

/** The headers of a request: from `fetch`, Node's `http`, or a plain object. */
export type HookHeaders = Headers | Record<string, string | string[] | undefined>;

/**
 * Verifies and parses a notice to a `notify_hook`.
 * @param rawBody the unparsed body
 * @param secret `whsec_…`, which you get from the operator
 * @throws if the notice is not genuine, or older than five minutes
 */
export function verifyHook(rawBody: string | Uint8Array, headers: HookHeaders, secret: string): TaskNotice {
  const text = typeof rawBody === 'string' ? rawBody : new TextDecoder().decode(rawBody);
  const entries = headers instanceof Headers ? headers.entries() : Object.entries(headers);
  const plain = Object.fromEntries(Array.from(entries, ([name, value]) => [name, String(value)]));
  return new Webhook(secret).verify(text, plain) as TaskNotice;
}
