import createFetchClient, { type Client } from 'openapi-fetch';
import type { paths } from '../schema.ts';
import { writeBody } from './body.ts';
import { createSend, type Fetch } from './send.ts';

export interface ClientOptions {
  /** The address of the service, such as `https://draw.example`. */
  baseUrl: string;
  /** Leave it out in a page that the service itself serves: the browser sends its cookie. */
  appKey?: string;
  /** How many times a request is retried after no answer, 429, 502, 503 or 504; 5 by default. */
  retries?: number;
  /** The longest pause before a retry, in milliseconds; 30,000 by default. An answer that asks for a longer one is final. */
  longestDelayMs?: number;
  /** How long an answer may take before it counts as lost, in milliseconds; 120,000 by default. */
  patienceMs?: number;
  /** To use instead of the platform's `fetch`, for example to go through a proxy. */
  fetch?: Fetch;
}

/** The ways to reach the service. */
export interface Connection {
  /** One method per HTTP method, typed by the service's OpenAPI document. Sends the key, and retries. */
  raw: Client<paths>;
  /** Retries, and sends no key. */
  send: Fetch;
  /** Sends the key, does not retry, and returns the response unread. */
  open(path: string, init: RequestInit & { headers?: Record<string, string> }): Promise<Response>;
  patienceMs: number;
}

export function connect({
  baseUrl,
  appKey,
  retries = 5,
  longestDelayMs = 30_000,
  patienceMs = 120_000,
  // The platform's `fetch` must not be called as a method.
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
