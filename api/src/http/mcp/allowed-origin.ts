import type { Config } from '@midjourney-api/shared/config/config';
import { createMiddleware } from 'hono/factory';
import { Refusal } from '../../commands/refusal.ts';

/**
 * Refuses pages of other sites, as MCP demands: a page whose name was made to lead here (DNS rebinding) sends its own
 * name. Without a key it could do nothing all the same. Clients that are no pages send no Origin.
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning
 */
export function allowedOrigin({ CORS_ORIGINS, PUBLIC_URL }: Pick<Config, 'CORS_ORIGINS' | 'PUBLIC_URL'>) {
  const allowed = [...(CORS_ORIGINS ?? []), ...(PUBLIC_URL ? [new URL(PUBLIC_URL).origin] : [])];
  return createMiddleware(async (c, next) => {
    const origin = c.req.header('Origin');
    if (origin === undefined || allowed.includes(origin) || allowed.includes('*')) return next();
    throw new Refusal(
      'forbidden',
      'This request came from a page of another site. The operator can allow it in CORS_ORIGINS.',
    );
  });
}
