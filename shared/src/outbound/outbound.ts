import { Agent, Client, type Dispatcher } from 'undici';
import { objectionToUrl } from './public-address.ts';
import { createPublicLookup, NotPublic, type Resolve } from './public-lookup.ts';

export interface OutboundOptions {
  /** Lets requests be plain http and lead to private addresses. */
  allowPrivate: boolean;
  /**
   * Keeps connections for later requests: for few servers that answer many. Without it each request has a connection
   * of its own, which no server can close just as the request goes out.
   */
  keepConnections?: boolean;
  /** Node's own unless a test has another. */
  resolve?: Resolve | undefined;
}

interface OutboundRequest {
  method: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** Breaks the request off, also while the body of its answer is read. */
  signal: AbortSignal;
}

/**
 * Sends a request to an address that others have named. Redirects are not followed: each could lead to where the
 * address itself may not.
 * @throws {NotPublic} for an address, or a name that leads to one, that is not on the public internet.
 * @throws the signal's reason, or what Node or undici say of the connection, which may name the host.
 */
export type Outbound = (url: string, request: OutboundRequest) => Promise<Dispatcher.ResponseData>;

/** The only way to addresses that others have named: those of hooks and of pictures. */
export function createOutbound({ allowPrivate, keepConnections, resolve }: OutboundOptions): Outbound {
  const settings = {
    // The signal limits both.
    headersTimeout: 0,
    bodyTimeout: 0,
    // Names are looked up for the connection itself, and again for each: what they led to before counts for nothing.
    ...(!allowPrivate && { connect: { lookup: createPublicLookup(resolve) } }),
  };
  const kept = keepConnections ? new Agent(settings) : undefined;

  return async (url, { headers, signal, ...request }) => {
    signal.throwIfAborted();
    // An address written as numbers is connected to without any look-up.
    if (objectionToUrl(url, { allowPrivate })) throw new NotPublic();
    const { origin, pathname, search, username, password } = new URL(url);
    const sent = {
      ...request,
      origin,
      path: pathname + search,
      headers: { 'user-agent': 'midjourney-api', ...basicAuth(username, password), ...headers },
      signal,
    };
    if (kept) {
      const send = () => untilAborted(kept.request(sent), signal);
      return send().catch((error) => {
        // The server may have closed the connection just as the request went out.
        if (request.method === 'GET' && isClosed(error) && !signal.aborted) return send();
        throw error;
      });
    }
    const connection = new Client(origin, settings);
    const answer = connection.request({ ...sent, reset: true });
    // Closes once the answer is read.
    connection.close(() => {});
    return untilAborted(answer, signal);
  };
}

function isClosed(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}

function basicAuth(username: string, password: string): Record<string, string> {
  if (username === '' && password === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** undici heeds the signal only once it is connected. */
function untilAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((done, fail) => {
    const breakOff = () => fail(signal.reason);
    signal.addEventListener('abort', breakOff, { once: true });
    answer.then(done, fail).finally(() => signal.removeEventListener('abort', breakOff));
  });
}
