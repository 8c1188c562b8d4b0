import { Agent, type Dispatcher, errors } from 'undici';
import { objectionToUrl } from './public-address.ts';
import { createPublicLookup, NotPublic, type Resolve } from './public-lookup.ts';

export interface OutboundOptions {
  /** Allows plain http and private addresses. */
  allowPrivate: boolean;
  /** For tests; Node's own by default. */
  resolve?: Resolve | undefined;
}

interface OutboundRequest {
  method: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** Aborts the request, even while the body of its answer is read. */
  signal: AbortSignal;
}

/** undici never forgets an origin, and clients may name any number of them. */
const mostOrigins = 1_000;

/**
 * Sends a request to a URL that others have provided. Redirects are not followed, because each could lead to a forbidden
 * address. If a server closes a kept-alive connection just as the request goes out, it may receive the request twice.
 * @throws {NotPublic} if the URL leads to an address that is not on the public internet.
 * @throws the signal's reason, or the connection error of Node or undici, which may name the host.
 */
export type Outbound = (url: string, request: OutboundRequest) => Promise<Dispatcher.ResponseData>;

/**
 * The only way to send requests to URLs that others have provided: those of hooks and pictures. Connections are kept alive
 * for a few seconds, and never shared with requests that may go to private addresses.
 */
export function createOutbound({ allowPrivate, resolve }: OutboundOptions): Outbound {
  const openAgent = () =>
    new Agent({
      // The signal limits both.
      headersTimeout: 0,
      bodyTimeout: 0,
      // Each connection looks up its name itself, so the result of an earlier look-up cannot be misused.
      ...(!allowPrivate && { connect: { lookup: createPublicLookup(resolve) } }),
    });
  let agent = openAgent();
  const origins = new Set<string>();

  function agentFor(origin: string): Agent {
    if (origins.size >= mostOrigins && !origins.has(origin)) {
      // Lets running requests finish.
      agent.close(() => {});
      agent = openAgent();
      origins.clear();
    }
    origins.add(origin);
    return agent;
  }

  return async (url, { headers, signal, ...request }) => {
    signal.throwIfAborted();
    // For an IP address there is no look-up that could object.
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

/** Whether a kept-alive connection, which has brought an answer before, was closed before it brought this one. */
function isClosedKeptConnection(error: unknown): boolean {
  return error instanceof errors.SocketError && (error.socket?.bytesRead ?? 0) > 0;
}

function basicAuth(username: string, password: string): Record<string, string> {
  if (username === '' && password === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** undici reacts to the signal only once it is connected. */
function untilAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((done, fail) => {
    const breakOff = () => fail(signal.reason);
    signal.addEventListener('abort', breakOff, { once: true });
    answer.then(done, fail).finally(() => signal.removeEventListener('abort', breakOff));
  });
}
