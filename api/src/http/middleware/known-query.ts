import { z } from '@hono/zod-openapi';
import { mostUnknown, unknownName } from '@midjourney-api/shared/config/plain-issues';
import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import { invalidFields } from '../../commands/refusal.ts';
import type { Api, AppEnv } from '../app-env.ts';

/**
 * Refuses query parameters that the route does not take: one that is mistyped would do nothing, and nobody would know.
 * @param api whose routes these are
 * @param prefix under which it is mounted
 */
export function knownQuery(api: Api, prefix = '') {
  let routes: Map<string, string[]> | undefined;
  return createMiddleware<AppEnv>(async (c, next) => {
    const given = Object.keys(c.req.query());
    if (given.length === 0) return next();
    // Routes are added after their middleware.
    routes ??= parametersOf(api, prefix);
    const matched = matchedRoutes(c).map(({ method, path }) => routes?.get(`${method} ${path}`));
    const known = matched.find((names) => names !== undefined);
    const unknown = known ? given.filter((name) => !known.includes(name)) : [];
    if (!known || unknown.length === 0) return next();
    throw invalidFields(
      unknown
        .slice(0, mostUnknown)
        .map((name) => ({ path: name, message: unknownName('query parameter', name, known) })),
    );
  });
}

/** The names of each route's query parameters, by its method and its path as Hono writes it. */
function parametersOf({ openAPIRegistry: { definitions } }: Api, prefix: string): Map<string, string[]> {
  return new Map(
    definitions.flatMap((definition) => {
      if (definition.type !== 'route') return [];
      const { method, path, request } = definition.route;
      const names = request?.query instanceof z.ZodObject ? Object.keys(request.query.shape) : [];
      return [[`${method.toUpperCase()} ${prefix}${path.replaceAll(/\{(\w+)\}/g, ':$1')}`, names] as const];
    }),
  );
}
