import { createMiddleware } from 'hono/factory';
import { type AppEnv, apiPrefix, mcpPath } from '../app-env.ts';
import { mjPath } from '../mj/address.ts';
import type { RequestLimits } from './request-limits.ts';

/**
 * Counts requests to routes that need no key for their address. Where one is asked for, they are counted as it is
 * looked at; whether the process lives must be answered to anybody.
 */
export function limitOpenRoutes(limits: RequestLimits) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const { path } = c.req;
    if (path !== '/healthz' && !needsKey(path)) await limits.countRequest(c);
    await next();
  });
}

function needsKey(path: string): boolean {
  // At /mj itself there is a note for everybody.
  if (path.startsWith(`${mjPath}/`)) return true;
  return [apiPrefix, mcpPath].some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
}
