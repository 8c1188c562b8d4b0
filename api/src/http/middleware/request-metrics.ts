import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import type { ApiMetrics } from '../../metrics/api-metrics.ts';
import { type Api, type AppEnv, apiPrefix } from '../app-env.ts';
import { mjPath } from '../mj/address.ts';

const methods = new Set(['GET', 'HEAD', 'POST', 'OPTIONS']);

/**
 * Counts every request by its route's pattern, and submits by their outcome.
 * @param app whose routes these are
 */
export function requestMetrics(app: Api, { requests, submits }: Pick<ApiMetrics, 'requests' | 'submits'>) {
  let submitRoutes: Set<string> | undefined;
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
    // Routes are added after their middleware.
    submitRoutes ??= submitRoutesOf(app);
    if (c.req.method === 'POST' && submitRoutes.has(route)) {
      const accepted = c.res.headers.has('Idempotency-Replayed') ? 'replayed' : 'accepted';
      submits.inc({ outcome: c.get('problem') ?? accepted });
    }
  });
}

function submitRoutesOf({ openAPIRegistry: { definitions } }: Api): Set<string> {
  return new Set(
    definitions.flatMap((definition) =>
      definition.type === 'route' && isSubmit(definition.route) ? definition.route.path : [],
    ),
  );
}

function isSubmit({ tags = [], path }: { tags?: string[]; path: string }): boolean {
  if (tags.includes('Submit')) return true;
  // Among the routes below submit, this one only uploads.
  return path.startsWith(`${mjPath}/submit/`) && !path.endsWith('/upload-discord-images');
}

/** The pattern, not the path, which has ids. Middleware matches by patterns that end in a star. */
function routeOf(c: Context): string {
  const patterns = matchedRoutes(c).map(({ path }) => path);
  return patterns.findLast((path) => !path.endsWith('*')) ?? 'other';
}
