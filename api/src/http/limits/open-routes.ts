import { createMiddleware } from 'hono/factory';
import { type AppEnv, apiPrefix } from '../app-env.ts';
import type { RequestLimits } from './request-limits.ts';

/**
 * Counts requests to routes that need no key for their address. Those under the prefix are counted where the key is
 * looked at; whether the process lives must be answered to anybody.
 */
export function limitOpenRoutes(limits: RequestLimits) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const { path } = c.req;
    if (path !== '/healthz' && !path.startsWith(`${apiPrefix}/`)) await limits.countRequest(c);
    await next();
  });
}
