import { OpenAPIHono } from '@hono/zod-openapi';
import { getPathNoStrict } from 'hono/utils/url';
import type { Api, AppEnv } from './app-env.ts';
import { validationRefusal } from './problems/problem-response.ts';

/**
 * An api without routes, which refuses requests that fail a route's schema.
 * @param routedAs the path that is matched with the routes
 */
export function createApi(routedAs: (path: string) => string = (path) => path): Api {
  return new OpenAPIHono<AppEnv>({
    // Bull Board's own links end in a slash.
    getPath: (request) => routedAs(getPathNoStrict(request)),
    defaultHook: (result) => {
      if (!result.success) throw validationRefusal(result.error);
    },
  });
}
