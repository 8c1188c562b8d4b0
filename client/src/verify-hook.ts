import { Webhook } from 'standardwebhooks';
import type { TaskNotice } from './schema.ts';

/** Of a request: those of `fetch`, of Node's `http`, or a plain object. */
export type HookHeaders = Headers | Record<string, string | string[] | undefined>;

/**
 * Reads what a `notify_hook` was sent, if it is genuine and not older than five minutes.
 * @param rawBody as it came, before anything parsed it
 * @param secret `whsec_…`, which the operator has for you
 * @throws when it is not genuine
 */
export function verifyHook(rawBody: string | Uint8Array, headers: HookHeaders, secret: string): TaskNotice {
  const text = typeof rawBody === 'string' ? rawBody : new TextDecoder().decode(rawBody);
  const entries = headers instanceof Headers ? headers.entries() : Object.entries(headers);
  const plain = Object.fromEntries(Array.from(entries, ([name, value]) => [name, String(value)]));
  return new Webhook(secret).verify(text, plain) as TaskNotice;
}
