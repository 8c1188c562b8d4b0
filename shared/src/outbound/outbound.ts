import { Agent, type Dispatcher, errors } from 'undici';
import { objectionToUrl } from './public-address.ts';
import { createPublicLookup, NotPublic, type Resolve } from './public-lookup.ts';

export interface OutboundOptions {
  /** Lets requests be plain http and lead to private addresses. */
  allowPrivate: boolean;
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

/** undici never forgets an origin that it was connected to, and clients may name any number of them. */
const mostOrigins = 1_000;

/**
 * Sends a request to an address that others have named. Redirects are not followed: each could lead to where the
 * address itself may not. A server that closes a kept connection as the request goes out may receive it twice.
 * @throws {NotPublic} for an address, or a name that leads to one, that is not on the public internet.
 * @throws the signal's reason, or what Node or undici say of the connection, which may name the host.
 */
export type Outbound = (url: string, request: OutboundRequest) => Promise<Dispatcher.ResponseData>;

/**
 * The only way to addresses that others have named: those of hooks and of pictures. Connections are kept for a few
 * seconds, and never shared with what may go elsewhere.
 */
export function createOutbound({ allowPrivate, resolve }: OutboundOptions): Outbound {
  const openAgent = () =>
    new Agent({
      // The signal limits both.
      headersTimeout: 0,
      bodyTimeout: 0,
      // Names are looked up for the connection itself, and again for each: what they led to before counts for nothing.
      ...(!allowPrivate && { connect: { lookup: createPublicLookup(resolve) } }),
    });
  let agent = openAgent();
  const origins = new Set<string>();

  function agentFor(origin: string): Agent {
    if (origins.size >= mostOrigins && !origins.has(origin)) {
      // Ends what it has begun.
      agent.close(() => {});
      agent = openAgent();
      origins.clear();
    }
    origins.add(origin);
    return agent;
  }

  return async (url, { headers, signal, ...request }) => {
    signal.throwIfAborted();
    // An address written as numbers is connected to without any look-up.
    const objection = objectionToUrl(url, { allowPrivate });
    if (objection) throw new NotPublic(objection);
    const { origin, pathname, search, username, password } = new URL(url);
    const send = () =>
      untilAborted(
        agentFor(origin).request({
          ...request,
          origin,
          path: pathname + search,
          headers: { 'user-agent': 'midjourney-api', ...basicAuth(username, password), ...headers },
          signal,
        }),
        signal,
      );
    return send().catch((error) => {
      if (isClosedKeptConnection(error) && !signal.aborted) return send();
      throw error;
    });
  };
}

/** A connection that had brought an answer before was closed before it brought this one. */
function isClosedKeptConnection(error: unknown): boolean {
  return error instanceof errors.SocketError && (error.socket?.bytesRead ?? 0) > 0;
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
