import { createMiddleware } from 'hono/factory';
import { type AppEnv, apiPrefix, mcpPath } from '../app-env.ts';
import { mjPath } from '../mj/address.ts';
import type { RequestLimits } from './request-limits.ts';

/**
 * Counts requests to routes without a key, by their address. Routes with a key count them when they check it. The health
 * check is never limited.
 */
export function limitOpenRoutes(limits: RequestLimits) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const { path } = c.req;
    if (path !== '/healthz' && !needsKey(path)) await limits.countRequest(c);
    await next();
  });
}

function needsKey(path: string): boolean {
  // /mj itself answers everybody with a note.
  if (path.startsWith(`${mjPath}/`)) return true;
  return [apiPrefix, mcpPath].some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
}
