import { triggerTypes } from '@midjourney-api/shared/tasks/task';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import type { ApiMetrics } from '../../metrics/api-metrics.ts';
import { type AppEnv, apiPrefix } from '../app-env.ts';

const submitRoutes = new Set(
  triggerTypes.map((type) => `${apiPrefix}/${type === 'generate' ? 'imagine' : type}`),
);
const methods = new Set(['GET', 'HEAD', 'POST', 'OPTIONS']);

/** Counts every request by its route's pattern, and submits by what became of them. */
export function requestMetrics({ requests, submits }: Pick<ApiMetrics, 'requests' | 'submits'>) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const start = performance.now();
    await next();
    const route = routeOf(c);
    const waits = c.req.query('wait') !== undefined && route === `${apiPrefix}/task/:id`;
    const labels = {
      method: methods.has(c.req.method) ? c.req.method : 'other',
      route: waits ? `${route}?wait` : route,
      status: c.res.status,
    };
    requests.observe(labels, (performance.now() - start) / 1_000);
    if (c.req.method === 'POST' && submitRoutes.has(route)) {
      const accepted = c.res.headers.has('Idempotency-Replayed') ? 'replayed' : 'accepted';
      submits.inc({ outcome: c.get('problem') ?? accepted });
    }
  });
}

/** The pattern, not the path, which has ids. Middleware matches by patterns that end in a star. */
function routeOf(c: Context): string {
  const patterns = matchedRoutes(c).map(({ path }) => path);
  return patterns.findLast((path) => !path.endsWith('*')) ?? 'other';
}
