import createFetchClient, { type Client } from 'openapi-fetch';
import type { paths } from '../schema.ts';
import { writeBody } from './body.ts';
import { createSend, type Fetch } from './send.ts';

export interface ClientOptions {
  /** Where the service is, such as `https://draw.example`. */
  baseUrl: string;
  /** Left out in a page that the service itself serves: the browser sends its cookie. */
  appKey?: string;
  /** How often a request is repeated that had no answer, 429 or 503: 5 unless given. */
  retries?: number;
  /** The longest pause before a repetition, in milliseconds: 30,000 unless given. An answer that asks for a longer one is final. */
  longestDelayMs?: number;
  /** How long an answer may take before it counts as lost, in milliseconds: 120,000 unless given. */
  patienceMs?: number;
  /** In place of the platform's own, to go through a proxy for example. */
  fetch?: Fetch;
}

/** How everything reaches the service. */
export interface Connection {
  /** One method for each HTTP method, typed by the service's OpenAPI document. Sends the key, and repeats. */
  raw: Client<paths>;
  /** Repeats, and sends no key. */
  send: Fetch;
  /** Sends the key, does not repeat, and leaves the answer to be read as it comes. */
  open(path: string, init: RequestInit & { headers?: Record<string, string> }): Promise<Response>;
  patienceMs: number;
}

export function connect({
  baseUrl,
  appKey,
  retries = 5,
  longestDelayMs = 30_000,
  patienceMs = 120_000,
  // The platform's fetch must not be called as a method.
  fetch = (request, init) => globalThis.fetch(request, init),
}: ClientOptions): Connection {
  const root = baseUrl.replace(/\/+$/, '');
  const headers: Record<string, string> = appKey === undefined ? {} : { authorization: `Bearer ${appKey}` };
  const send = createSend({ fetch, patienceMs, retries, longestDelayMs });
  return {
    raw: createFetchClient<paths>({ baseUrl: root, headers, fetch: send, bodySerializer: writeBody }),
    send,
    open: (path, init) =>
      fetch(new Request(`${root}${path}`, { ...init, headers: { ...headers, ...init.headers } })),
    patienceMs,
  };
}
