import { cors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';

/**
 * Lets web pages of these origins call the api from a browser. A browser sends no key by itself, so a page can do no
 * more than with a key that it has; still, pages have no access until the operator names their origins.
 * @param isOpen which paths they may call
 */
export function allowOrigins(origins: string[], isOpen: (path: string) => boolean) {
  const allow = cors({
    origin: origins.includes('*') ? '*' : origins,
    allowMethods: ['GET', 'PATCH', 'POST', 'PUT', 'DELETE', 'OPTIONS'],
    allowHeaders: [
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'If-None-Match',
      'If-Range',
      'Last-Event-ID',
      // https://modelcontextprotocol.io/specification/2026-07-28/basic/transports
      'Mcp-Method',
      'Mcp-Name',
      'Mcp-Protocol-Version',
      'Mcp-Session-Id',
      'Range',
      // Of pages that speak the mj-proxy protocol.
      'Accept',
      'Accept-Language',
      'mj-api-secret',
      'x-ptoken',
      'X-Requested-With',
    ],
    exposeHeaders: [
      'Content-Range',
      'ETag',
      'Idempotency-Replayed',
      'Location',
      'RateLimit',
      'RateLimit-Policy',
      'Retry-After',
      'X-Request-Id',
    ],
    maxAge: 86_400,
  });
  return createMiddleware((c, next) => (isOpen(c.req.path) ? allow(c, next) : next()));
}
