import { randomUUID } from 'node:crypto';
import { type ServerOptions, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ServerType } from '@hono/node-server';
import type { Config } from '@midjourney-api/shared/config/config';

/** Headers are small, however slow the line: only a body may need minutes. */
const headersTimeoutMs = 15_000;

/**
 * How long and how large a request may be before the app sees it. A client that sends a byte now and then
 * would keep a socket for as long as it likes; many of them would keep all that the process may open.
 */
export function serverLimits(config: Pick<Config, 'REQUEST_TIMEOUT_MS'>): ServerOptions {
  return {
    // Counts from the connection on, so that one that never says anything ends too.
    headersTimeout: Math.min(headersTimeoutMs, config.REQUEST_TIMEOUT_MS),
    // Until the last byte of the body came; how long the answer takes does not count.
    requestTimeout: config.REQUEST_TIMEOUT_MS,
    // Node looks for both only this often; by default every 30 s.
    connectionsCheckingInterval: 1_000,
    // Longer than the minute for which proxies keep connections: one that is closed here as the proxy sends its
    // next request is a failed request. An idle connection costs little.
    keepAliveTimeout: 65_000,
    // Request line and headers together.
    maxHeaderSize: 16_384,
  };
}

/** Answers what is no whole request with a problem document too, and hangs up. */
export function answerBrokenRequests(server: ServerType): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy(error);
      return;
    }
    const { status, detail } = brokenRequest(error.code);
    const requestId = randomUUID();
    const title = STATUS_CODES[status];
    const body = JSON.stringify({
      type: 'about:blank',
      title,
      status,
      detail,
      code: 'invalid_request',
      request_id: requestId,
    });
    socket.end(
      [
        `HTTP/1.1 ${status} ${title}`,
        'Content-Type: application/problem+json',
        `Content-Length: ${Buffer.byteLength(body)}`,
        `X-Request-Id: ${requestId}`,
        'Connection: close',
        '',
        body,
      ].join('\r\n'),
      // A client that does not read the answer does not keep the socket either.
      () => socket.destroy(),
    );
  });
}

function brokenRequest(code: string | undefined): { status: number; detail: string } {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, detail: 'The request took too long to arrive.' };
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, detail: 'Address and headers are larger than 16384 bytes together.' };
    default:
      return { status: 400, detail: 'This is not an HTTP request.' };
  }
}
