import type { Logger } from '@midjourney-api/shared/logging/logger';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../app-env.ts';

/** One line for each answered request. The query is left out: a client may have put a secret there. */
export function requestLog(log: Logger) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const start = performance.now();
    await next();
    const line = {
      request_id: c.get('requestId'),
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      ms: Math.round(performance.now() - start),
      // Not there when the key was refused or the route needs none.
      user: c.get('user')?.userName,
      task: c.get('task'),
    };
    // Orchestrators ask every few seconds.
    if (c.req.path === '/healthz' || c.req.path === '/readyz') log.debug(line, 'request');
    else log.info(line, 'request');
  });
}
